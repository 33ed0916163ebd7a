//! Where an owned closure is stored until it is destroyed and its last call has returned.

use core::ffi::c_void;

use alloc::boxed::Box;

use super::gate::Gate;
use crate::handle::Handle;

/// What is stored. Its gate says on which threads it may be used and dropped.
// An older rustc does not see that the modes' `Storage` shows this and the next one.
#[allow(unreachable_pub)]
pub trait Stored: Send + Sync {
    /// Who may use it now.
    fn gate(&self) -> &Gate;
}

/// Gives out user data for what it stores, and finds it by the user data.
///
/// # Safety
///
/// `with` gives what `store` was given, and that is not freed before `with` returns.
#[allow(unreachable_pub)]
pub unsafe trait Storage {
    /// The user data, never null.
    fn store<T: Stored>(stored: Box<T>) -> *mut c_void;

    /// Calls `function` with what has this user data; `None` if it was seen to have ended.
    ///
    /// # Safety
    ///
    /// `data` is from `store` of this very type, and C has a right to it.
    unsafe fn with<T: Stored, R>(data: *mut c_void, function: impl FnOnce(&T) -> R) -> Option<R>;

    /// Frees it, now or with its last call. `false` if it was seen to have ended before.
    ///
    /// # Safety
    ///
    /// As for `with`.
    unsafe fn end<T: Stored>(data: *mut c_void) -> bool;
}

/// Stores what one thread alone uses: the user data is its address.
#[derive(Debug)]
pub struct OneThread;

// SAFETY: on the one thread that is let in, `end` and `with` free it only when no call runs.
unsafe impl Storage for OneThread {
    #[inline]
    fn store<T: Stored>(stored: Box<T>) -> *mut c_void {
        Box::into_raw(stored).cast()
    }

    #[inline]
    unsafe fn with<T: Stored, R>(data: *mut c_void, function: impl FnOnce(&T) -> R) -> Option<R> {
        let kept = data.cast::<T>();
        // SAFETY: C has a right to it, so it was not destroyed before this call; during it, it is not freed.
        let result = function(unsafe { &*kept });
        // SAFETY: as above. This call is over, and if no other runs nobody else frees it.
        unsafe { free_if_over(kept) };
        Some(result)
    }

    #[inline]
    unsafe fn end<T: Stored>(data: *mut c_void) -> bool {
        let kept = data.cast::<T>();
        // SAFETY: the caller's right to it ends here.
        unsafe {
            (*kept).gate().set_ended();
            free_if_over(kept);
        }
        true
    }
}

/// # Safety
///
/// `kept` is from a `Box` and not freed.
#[inline]
unsafe fn free_if_over<T: Stored>(kept: *mut T) {
    // SAFETY: the caller's promise.
    if unsafe { (*kept).gate() }.is_over() {
        // SAFETY: no call runs, and C has no right to it any more.
        drop(unsafe { Box::from_raw(kept) });
    }
}

/// Stores what any thread may use: the user data is a handle, so that a call which comes while another thread destroys the
/// closure finds it or is told that it has ended, and never reads what is freed.
#[derive(Debug)]
pub struct AnyThread;

/// What the handle's value is. It does not say the type, which may borrow what is not `'static`.
struct Held {
    kept: *mut c_void,
    free: unsafe fn(*mut c_void),
}

// SAFETY: it is made by `store` alone, of what may be used and dropped on any thread.
unsafe impl Send for Held {}
// SAFETY: as above.
unsafe impl Sync for Held {}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `free` is for the type of `kept`, and nobody else has it.
        unsafe { (self.free)(self.kept) }
    }
}

// SAFETY: a handle's value lives until the last `with` returns.
unsafe impl Storage for AnyThread {
    #[inline]
    fn store<T: Stored>(stored: Box<T>) -> *mut c_void {
        unsafe fn free<T>(kept: *mut c_void) {
            // SAFETY: it is from `Box<T>`, and this is its last use.
            drop(unsafe { Box::from_raw(kept.cast::<T>()) });
        }
        let held = Held {
            kept: Box::into_raw(stored).cast(),
            free: free::<T>,
        };
        Handle::new(held).into_pointer()
    }

    #[inline]
    unsafe fn with<T: Stored, R>(data: *mut c_void, function: impl FnOnce(&T) -> R) -> Option<R> {
        let handle = Handle::<Held>::from_pointer(data);
        // SAFETY: the caller's promise is that it is of this type; it lives during `with`.
        let call = |held: &Held| function(unsafe { &*held.kept.cast::<T>() });
        handle.with_in_signal(call).ok()
    }

    #[inline]
    unsafe fn end<T: Stored>(data: *mut c_void) -> bool {
        Handle::<Held>::from_pointer(data).delete().is_ok()
    }
}
