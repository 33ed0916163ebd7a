//! A closure that C calls during one call of C: its panics resume after that.

use core::any::type_name;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::ptr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::arity::{Closure, Parameters, Target};
use super::mode::{Gate, Mode};
use super::panic::Kept;

/// What the user data points to.
pub(super) struct Scoped<F, A, M, R> {
    closure: UnsafeCell<F>,
    gate: Gate,
    on_panic: R,
    panic: Kept,
    types: PhantomData<(A, M)>,
}

impl<F, A, M, R> Scoped<F, A, M, R> {
    #[inline]
    pub(super) fn new(closure: F, on_panic: R) -> Self {
        Scoped {
            closure: UnsafeCell::new(closure),
            gate: Gate::new(),
            on_panic,
            panic: Kept::none(),
            types: PhantomData,
        }
    }

    /// The user data. Valid as long as `self` stays where it is.
    #[inline]
    pub(super) fn data(&self) -> *mut c_void {
        ptr::from_ref(self).cast_mut().cast()
    }

    /// After C has returned: goes on with a panic, or gives the result.
    #[inline]
    pub(super) fn finish<T>(self, result: T) -> T {
        drop(self.closure);
        self.panic.resume();
        result
    }
}

impl<F, A, M> Target<A, F::Output> for Scoped<F, A, M, F::Output>
where
    F: Closure<A>,
    A: Parameters,
    F::Output: Copy,
    M: Mode<F, A>,
{
    #[inline]
    unsafe fn call(data: *mut c_void, arguments: A::Passed) -> F::Output {
        // SAFETY: `data` came from `Self::data`, and C calls only while that is valid. Whoever else has the value has
        // it as shared as we do.
        let state = unsafe { &*data.cast::<Self>() };
        if !M::enter(&state.gate) {
            return refused::<F, A, M>(state);
        }
        // What a panic leaves half done is seen only by who catches it after `finish` has resumed it.
        // SAFETY: `enter` has returned true right before.
        let call = AssertUnwindSafe(|| unsafe { M::run(&state.closure, A::from_c(arguments)) });
        match catch_unwind(call) {
            // A call that was refused during this one is a panic too.
            Ok(_) if state.gate.panicked() => after_panic(state.on_panic),
            Ok(result) => {
                M::leave(&state.gate);
                result
            }
            Err(payload) => {
                state.panic.keep(payload);
                state.gate.set_panicked();
                state.on_panic
            }
        }
    }
}

/// The value itself; that it is wanted is rare, and the way to it is laid out so.
#[cold]
#[inline]
fn after_panic<R>(value: R) -> R {
    value
}

#[cold]
#[inline(never)]
fn refused<F, A, M>(state: &Scoped<F, A, M, F::Output>) -> F::Output
where
    F: Closure<A>,
    F::Output: Copy,
    M: Mode<F, A>,
{
    if !state.gate.panicked() {
        state
            .panic
            .keep_new(type_name::<F>(), M::mistake(&state.gate));
        state.gate.set_panicked();
    }
    state.on_panic
}
