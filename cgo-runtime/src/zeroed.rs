//! The zeroes that C's records start from.

/// A value of zeroes alone.
///
/// rustc looks into the type of a `core::mem::zeroed()` for what may not be zero, and takes the longer the deeper it is; a record
/// of C's may be nested so that this is for ever. Here the type is not known yet.
///
/// # Safety
///
/// Zeroes are a value of the type.
#[doc(hidden)]
#[inline]
pub unsafe fn zeroed<T>() -> T {
    // SAFETY: the caller says so.
    unsafe { core::mem::zeroed() }
}
