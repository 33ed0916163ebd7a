//! Panics that must not unwind into C: kept for later, or the end of the process.

use core::any::{Any, type_name};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::{eprintln, process};

use alloc::boxed::Box;

/// The first panic, until it can go on.
pub(super) struct FirstPanic(Mutex<Option<Box<dyn Any + Send>>>);

impl FirstPanic {
    #[inline]
    pub(super) const fn none() -> FirstPanic {
        FirstPanic(Mutex::new(None))
    }

    /// Keeps the panic with this payload, unless there is one already.
    #[inline]
    pub(super) fn keep(&self, payload: Box<dyn Any + Send>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(payload);
    }

    /// Goes on with the panic that was kept, if any.
    #[inline]
    pub(super) fn resume(self) {
        if let Some(payload) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            resume_unwind(payload);
        }
    }
}

/// Panics because C has called the closure `F` wrongly.
#[cold]
#[inline]
pub(super) fn panic_by_mistake<F>(mistake: &str) -> ! {
    panic!("the callback `{}` {mistake}", type_name::<F>())
}

/// Runs `call`, which belongs to the closure `F`, and ends the process if that panics. The panic is caught: on a thread that C made
/// nothing else catches it, and then the unwinder runs no destructor at all.
#[inline]
pub(super) fn no_unwind<F, R>(call: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        // Dropping it may panic again.
        core::mem::forget(payload);
        let closure = type_name::<F>();
        end(closure, "panicked, and a panic cannot unwind into C")
    })
}

/// Ends the process with a message that says which closure.
#[cold]
#[inline]
pub(super) fn end(closure: &str, mistake: &str) -> ! {
    eprintln!("the callback `{closure}` {mistake}");
    process::abort()
}
