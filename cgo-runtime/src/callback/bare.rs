//! C functions without user data: for each slot one that calls the closure in it.

use core::ffi::c_void;

use super::arity::{Functions, Target};
use super::slots::{Claim, TooManyCallbacks};

/// Takes a slot for a target whose user data is `data`, which is not null.
#[inline]
pub(super) fn claim<A, C, R, T>(data: *mut c_void) -> Result<Claim, TooManyCallbacks>
where
    A: Functions<C>,
    T: Target<A, R>,
{
    let function = <A as Functions<C>>::first::<R, _, T>();
    Claim::new(<A as Functions<C>>::erased(function), data)
}

/// The function that calls what is in this slot. `A`, `C` and `R` are those that it was claimed with.
#[inline]
pub(super) fn function<A: Functions<C>, C, R>(claim: &Claim) -> A::Bare<R> {
    macro_rules! function_of {
        ($($slot:literal)*) => {
            match claim.index() {
                $($slot => A::in_slot::<R, $slot>(),)*
                _ => unreachable!("a slot beyond the last"),
            }
        };
    }
    function_of! {
        0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
    }
}
