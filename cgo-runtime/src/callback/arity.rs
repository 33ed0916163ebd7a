//! Closures, parameter lists and function pointers of each number of parameters.

use core::ffi::c_void;
use core::mem::transmute;

use super::slots;
use crate::c_type::{CType, Passed};
use crate::validity::refuse_returned;

/// A closure or function that takes the parameters `A`, a tuple. Every `FnMut` of up to 8 parameters is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called back by C",
    label = "not a closure of up to 8 parameters",
    note = "the parameters' types must be known: `cgo::callback(|a: c_int, b: *mut c_void| -> c_int {{ .. }})`"
)]
pub trait Closure<A> {
    /// What it returns.
    type Output;

    /// Calls it.
    fn call_mut(&mut self, arguments: A) -> Self::Output;
}

/// A [`Closure`] that can be called by several at once. Every `Fn` of up to 8 parameters is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called while it runs",
    label = "changes what it captures",
    note = "`sync` and `reentrant` take closures that are `Fn`; without them, and with `send`, a closure may be `FnMut`"
)]
pub trait SharedClosure<A>: Closure<A> {
    /// Calls it.
    fn call(&self, arguments: A) -> Self::Output;
}

/// The C parameters beside the user data: a tuple of up to 8 types that C has too. It is implemented for these tuples alone.
pub trait Parameters: Sized {
    /// The same as C passes them.
    type Passed;
    /// A C function with these parameters and the user data after them.
    type Last<R>;
    /// A C function with the user data and these parameters after it.
    type First<R>;
    /// A C function with these parameters alone.
    type Bare<R>;

    /// Checks what C has passed, and panics if it is invalid.
    #[doc(hidden)]
    fn from_c(passed: Self::Passed) -> Self;
    #[doc(hidden)]
    fn last<R, T: Target<Self, R>>() -> Self::Last<R>;
    #[doc(hidden)]
    fn first<R, T: Target<Self, R>>() -> Self::First<R>;
    #[doc(hidden)]
    fn lookup<R, T: Lookup<Self, R>>() -> Self::Bare<R>;
    #[doc(hidden)]
    fn in_slot<R, const SLOT: usize>() -> Self::Bare<R>;
    #[doc(hidden)]
    fn erased<R>(function: Self::First<R>) -> *mut ();
}

/// What a function with user data calls.
pub trait Target<A: Parameters, R> {
    /// # Safety
    ///
    /// `data` is what was made for this target, and still alive. [`crate::callback()`] says what else C must do.
    unsafe fn call(data: *mut c_void, arguments: A::Passed) -> R;
}

/// What a function calls that looks up its user data by its arguments.
pub trait Lookup<A: Parameters, R> {
    /// # Safety
    ///
    /// What is found is alive. [`crate::callback()`] says what else C must do.
    unsafe fn call(arguments: A::Passed) -> R;
}

macro_rules! closures {
    ($([$($P:ident)*])*) => {$(
        impl<F, R, $($P),*> Closure<($($P,)*)> for F
        where
            F: FnMut($($P),*) -> R,
        {
            type Output = R;

            #[inline]
            #[allow(non_snake_case)]
            fn call_mut(&mut self, ($($P,)*): ($($P,)*)) -> R {
                self($($P),*)
            }
        }

        impl<F, R, $($P),*> SharedClosure<($($P,)*)> for F
        where
            F: Fn($($P),*) -> R,
        {
            #[inline]
            #[allow(non_snake_case)]
            fn call(&self, ($($P,)*): ($($P,)*)) -> R {
                self($($P),*)
            }
        }
    )*};
}

macro_rules! parameters {
    ($([$($P:ident)*])*) => {$(
        impl<$($P: CType),*> Parameters for ($($P,)*) {
            type Passed = ($($P::Passed,)*);
            type Last<R> = unsafe extern "C" fn($($P::Passed,)* *mut c_void) -> R;
            type First<R> = unsafe extern "C" fn(*mut c_void, $($P::Passed),*) -> R;
            type Bare<R> = unsafe extern "C" fn($($P::Passed),*) -> R;

            #[inline]
            #[allow(non_snake_case, clippy::unused_unit)]
            fn from_c(($($P,)*): Self::Passed) -> Self {
                $(const { refuse_returned($P::RETURNS_CHECKED) })*
                ($(Passed::<$P>::value($P),)*)
            }

            #[inline]
            #[allow(non_snake_case)]
            fn last<R, T: Target<Self, R>>() -> Self::Last<R> {
                unsafe extern "C" fn last<$($P: CType,)* R, T>($($P: $P::Passed,)* data: *mut c_void) -> R
                where
                    T: Target<($($P,)*), R>,
                {
                    // SAFETY: C hands on the data that it was given with this function.
                    unsafe { T::call(data, ($($P,)*)) }
                }
                last::<$($P,)* R, T>
            }

            #[inline]
            #[allow(non_snake_case)]
            fn first<R, T: Target<Self, R>>() -> Self::First<R> {
                unsafe extern "C" fn first<$($P: CType,)* R, T>(data: *mut c_void, $($P: $P::Passed),*) -> R
                where
                    T: Target<($($P,)*), R>,
                {
                    // SAFETY: as in `last`.
                    unsafe { T::call(data, ($($P,)*)) }
                }
                first::<$($P,)* R, T>
            }

            #[inline]
            #[allow(non_snake_case)]
            fn lookup<R, T: Lookup<Self, R>>() -> Self::Bare<R> {
                unsafe extern "C" fn lookup<$($P: CType,)* R, T>($($P: $P::Passed),*) -> R
                where
                    T: Lookup<($($P,)*), R>,
                {
                    // SAFETY: C calls this function only while its user data can be found.
                    unsafe { T::call(($($P,)*)) }
                }
                lookup::<$($P,)* R, T>
            }

            #[inline]
            #[allow(non_snake_case)]
            fn in_slot<R, const SLOT: usize>() -> Self::Bare<R> {
                // There are dozens of these for each type of function, so they are as small as can be.
                unsafe extern "C" fn in_slot<$($P: CType,)* R, const SLOT: usize>($($P: $P::Passed),*) -> R {
                    let (function, data) = slots::taken(SLOT);
                    // SAFETY: whoever got this function from `bare::function` has put one of this type in the slot.
                    let function = unsafe {
                        transmute::<*mut (), unsafe extern "C" fn(*mut c_void, $($P::Passed),*) -> R>(function)
                    };
                    // SAFETY: the data stands in the slot beside it, and C calls only while both do.
                    unsafe { function(data, $($P),*) }
                }
                in_slot::<$($P,)* R, SLOT>
            }

            #[inline]
            fn erased<R>(function: Self::First<R>) -> *mut () {
                function as *mut ()
            }
        }
    )*};
}

macro_rules! of_each_arity {
    ($macro:ident) => {
        $macro! {
            [] [A] [A B] [A B C] [A B C D] [A B C D E] [A B C D E G] [A B C D E G H] [A B C D E G H I]
        }
    };
}

of_each_arity! { closures }
of_each_arity! { parameters }
