//! Why a handle has no value.

use core::fmt;

/// Why a handle has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandleError {
    /// It is 0 or null.
    Null,
    /// Its value was deleted, or there never was one.
    Unknown,
    /// Its value has another type.
    WrongType,
    /// Its value belongs to another thread: see [`LocalHandle`](crate::LocalHandle).
    WrongThread,
}

impl fmt::Display for HandleError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HandleError::Null => "the handle is null",
            HandleError::Unknown => "the handle was deleted, or was never created",
            HandleError::WrongType => "the value of the handle has another type",
            HandleError::WrongThread => "the value of the handle belongs to another thread",
        })
    }
}

impl core::error::Error for HandleError {}
