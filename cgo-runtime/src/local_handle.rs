//! Handles for values that one thread alone may use: [`LocalHandle`].

use core::ffi::c_void;
use core::fmt;
use core::hash::{Hash, Hasher};

use alloc::rc::Rc;

use crate::c_type::CType;
use crate::handle::{Handle, HandleError};
use crate::kind::Kind;
use crate::thread;

/// A [`Handle`] for a value that is not `Send` or not `Sync`, such as one with an `Rc` or a `RefCell`.
///
/// It is bound to the thread that made it: there it is as any handle, and on another thread each use is
/// [`HandleError::WrongThread`]. So C may move the number wherever it likes. The value is dropped on its own thread or not at all:
/// one that is not deleted before its thread ends is never dropped, as with [`Handle`] and `malloc`.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// use cgo::{HandleError, LocalHandle};
/// use std::cell::RefCell;
/// use std::ffi::{c_int, c_void};
///
/// // What C calls, with the pointer that it was given beside the function.
/// extern "C" fn on_row(context: *mut c_void, value: c_int) {
///     let rows = LocalHandle::<RefCell<Vec<c_int>>>::from_pointer(context);
///     let _ = rows.with(|rows| rows.borrow_mut().push(value));
/// }
///
/// let rows = LocalHandle::new(RefCell::new(Vec::<c_int>::new()));
/// on_row(rows.into_pointer(), 3); // C does this
/// assert_eq!(rows.with(|rows| rows.borrow().len()), Ok(1));
///
/// let elsewhere = std::thread::spawn(move || rows.delete()).join().unwrap();
/// assert_eq!(elsewhere, Err(HandleError::WrongThread));
/// rows.delete()?;
/// # Ok::<(), HandleError>(())
/// ```
#[repr(transparent)]
pub struct LocalHandle<T>(Handle<Bound<T>>);

/// A thread, and a share of its value: the pointer is from `Rc::into_raw`. Whoever frees this leaves the share alone.
struct Bound<T> {
    thread: usize,
    value: *const T,
}

// SAFETY: the pointer is read only on the thread that made it.
unsafe impl<T> Send for Bound<T> {}
// SAFETY: as for `Send`.
unsafe impl<T> Sync for Bound<T> {}

impl<T> LocalHandle<T> {
    /// As [`Handle::from_raw`].
    #[must_use]
    #[inline]
    pub const fn from_raw(raw: usize) -> Self {
        LocalHandle(Handle::from_raw(raw))
    }

    /// As [`Handle::from_pointer`].
    #[must_use]
    #[inline]
    pub fn from_pointer(pointer: *mut c_void) -> Self {
        LocalHandle(Handle::from_pointer(pointer))
    }

    /// The number for C, a `uintptr_t`; never 0.
    #[must_use]
    #[inline]
    pub const fn into_raw(self) -> usize {
        self.0.into_raw()
    }

    /// The number as a `void *`, which points to nothing and is never null.
    #[must_use]
    #[inline]
    pub const fn into_pointer(self) -> *mut c_void {
        self.0.into_pointer()
    }
}

impl<T: 'static> LocalHandle<T> {
    /// A handle for this value, which lives until [`delete`](LocalHandle::delete).
    ///
    /// # Panics
    ///
    /// As [`Handle::new`].
    #[must_use]
    #[inline]
    pub fn new(value: T) -> Self {
        LocalHandle(Handle::new(Bound {
            thread: thread::number(),
            value: Rc::into_raw(Rc::new(value)),
        }))
    }

    /// Calls `function` with the value, which stays alive during the call even if it is deleted.
    ///
    /// # Errors
    ///
    /// If this is not the thread of the value; if the handle is null, was deleted or never created, or its value is not a `T`.
    #[inline]
    pub fn with<R>(self, function: impl FnOnce(&T) -> R) -> Result<R, HandleError> {
        let pointer = self.pointer()?;
        // SAFETY: the handle's own share was not yet dropped when `pointer` returned it, and only this thread drops it.
        let value = unsafe {
            Rc::increment_strong_count(pointer);
            Rc::from_raw(pointer)
        };
        Ok(function(&value))
    }

    /// A clone of the value.
    ///
    /// # Errors
    ///
    /// As for [`with`](LocalHandle::with).
    #[inline]
    pub fn get(self) -> Result<T, HandleError>
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Ends the handle and drops the value: here, or where the last [`with`](LocalHandle::with) of it returns.
    ///
    /// # Errors
    ///
    /// As for [`with`](LocalHandle::with): a second `delete` is [`HandleError::Unknown`].
    #[inline]
    pub fn delete(self) -> Result<(), HandleError> {
        let pointer = self.pointer()?;
        self.0.delete()?;
        // SAFETY: `Handle::delete` succeeds once, and `pointer` has returned the share that `new` made, on its own thread.
        drop(unsafe { Rc::from_raw(pointer) });
        Ok(())
    }

    /// What [`Bound`] has of the value, on its own thread.
    #[inline]
    fn pointer(self) -> Result<*const T, HandleError> {
        self.0.with(|bound| match thread::is_here(bound.thread) {
            true => Ok(bound.value),
            false => Err(HandleError::WrongThread),
        })?
    }
}

impl<T> Clone for LocalHandle<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LocalHandle<T> {}

impl<T> PartialEq for LocalHandle<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for LocalHandle<T> {}

impl<T> Hash for LocalHandle<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// As [`into_raw`](LocalHandle::into_raw).
impl<T> From<LocalHandle<T>> for usize {
    #[inline]
    fn from(handle: LocalHandle<T>) -> usize {
        handle.into_raw()
    }
}

impl<T> fmt::Debug for LocalHandle<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalHandle({:#x})", self.into_raw())
    }
}

// SAFETY: `repr(transparent)` over a `Handle`, which is C's `uintptr_t`.
unsafe impl<T> CType for LocalHandle<T> {
    type Passed = Self;
    const KIND: Kind = <usize as CType>::KIND;
}
