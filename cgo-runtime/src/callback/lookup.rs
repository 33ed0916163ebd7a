//! C functions that look up their user data by their arguments.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::arity::{Lookup, Parameters, SharedClosure, Target};

/// A C function that calls the target `T` with the user data that `find` finds.
#[inline]
pub(super) fn function<A, R, T, D>(_find: D) -> A::Bare<R>
where
    A: Parameters<Passed: Copy> + Copy,
    T: Target<A, R>,
    D: SharedClosure<A, Output = *mut c_void> + Copy + Sync + 'static,
{
    A::lookup::<R, Found<T, D>>()
}

struct Found<T, D>(PhantomData<(T, D)>);

impl<A, R, T, D> Lookup<A, R> for Found<T, D>
where
    A: Parameters<Passed: Copy>,
    T: Target<A, R>,
    D: SharedClosure<A, Output = *mut c_void> + Copy + Sync + 'static,
{
    #[inline]
    unsafe fn call(arguments: A::Passed) -> R {
        const {
            assert!(
                size_of::<D>() == 0,
                "the closure that looks up the user data must not capture anything"
            );
        }
        // SAFETY: a value of no size is anywhere that is aligned. `function` was given one, which is never
        // dropped since it is `Copy`, and may be used by any thread at any time.
        let find = unsafe { NonNull::<D>::dangling().as_ref() };
        let data = find.call(A::from_c(arguments));
        // SAFETY: C keeps the data where `find` looks, and it lives, as our caller promises.
        unsafe { T::call(data, arguments) }
    }
}
