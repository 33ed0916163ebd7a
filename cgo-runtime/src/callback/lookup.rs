//! C functions that look up their user data by their arguments.

use core::marker::PhantomData;
use core::ptr::NonNull;

use super::arity::{Functions, Lookup, Parameters, SharedClosure, Target};
use super::data::{DataPointer, Pointer};

/// A C function that calls the target `T` with the user data that `find` finds.
#[inline]
pub(super) fn function<A, C, R, T, D>(_find: D) -> <A as Functions<C>>::Bare<R>
where
    A: Parameters<Passed: Copy> + Functions<C> + Copy,
    T: Target<A, R>,
    D: SharedClosure<A, Output: DataPointer> + Copy + Sync + 'static,
{
    <A as Functions<C>>::lookup::<R, Found<T, D>>()
}

struct Found<T, D>(PhantomData<(T, D)>);

impl<A, R, T, D> Lookup<A, R> for Found<T, D>
where
    A: Parameters<Passed: Copy>,
    T: Target<A, R>,
    D: SharedClosure<A, Output: DataPointer> + Copy + Sync + 'static,
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
        let data = find.call(A::from_c(arguments)).data();
        // SAFETY: C keeps the data where `find` looks, and it lives, as our caller promises.
        unsafe { T::call(data, arguments) }
    }
}
