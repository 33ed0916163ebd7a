//! Closures, parameter lists and function pointers of each number of parameters.

use core::ffi::c_void;
use core::mem::transmute;

use super::data::DataPointer;
use super::slots;
use crate::c_type::{CType, Passed};
use crate::validity::reject_enum_result;

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

    /// Checks what C has passed, and panics if it is invalid.
    #[doc(hidden)]
    fn from_c(passed: Self::Passed) -> Self;
}

/// The convention of functions that nothing unwinds out of: `extern "C"`.
#[derive(Debug)]
pub struct NoUnwind;

/// The convention of functions that a panic may unwind out of: `extern "C-unwind"`.
#[derive(Debug)]
pub struct MayUnwind;

/// The C functions with some [`Parameters`], of the convention `C`: [`NoUnwind`] or [`MayUnwind`]. It is implemented for those tuples alone.
pub trait Functions<C = NoUnwind>: Parameters {
    /// A C function with these parameters and the user data after them.
    type Last<R, D>;
    /// A C function with the user data and these parameters after it.
    type First<R, D>;
    /// A C function with these parameters alone.
    type Bare<R>;

    #[doc(hidden)]
    fn last<R, D, T>() -> Self::Last<R, D>
    where
        D: DataPointer,
        T: Target<Self, R>;
    #[doc(hidden)]
    fn first<R, D, T>() -> Self::First<R, D>
    where
        D: DataPointer,
        T: Target<Self, R>;
    #[doc(hidden)]
    fn lookup<R, T>() -> Self::Bare<R>
    where
        T: Lookup<Self, R>;
    #[doc(hidden)]
    fn in_slot<R, const SLOT: usize>() -> Self::Bare<R>;
    #[doc(hidden)]
    fn erased<R>(function: Self::First<R, *mut c_void>) -> *mut ();
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

            #[inline]
            #[allow(non_snake_case, clippy::unused_unit)]
            fn from_c(($($P,)*): Self::Passed) -> Self {
                $(const { reject_enum_result($P::RETURNS_CHECKED) })*
                ($(Passed::<$P>::value($P),)*)
            }
        }

        functions! { NoUnwind "C" $($P)* }
        functions! { MayUnwind "C-unwind" $($P)* }
    )*};
}

macro_rules! functions {
    ($convention:ident $abi:literal $($P:ident)*) => {
        impl<$($P: CType),*> Functions<$convention> for ($($P,)*) {
            type Last<R, D> = unsafe extern $abi fn($($P::Passed,)* D) -> R;
            type First<R, D> = unsafe extern $abi fn(D, $($P::Passed),*) -> R;
            type Bare<R> = unsafe extern $abi fn($($P::Passed),*) -> R;

            #[inline]
            #[allow(non_snake_case)]
            fn last<R, D: DataPointer, T: Target<Self, R>>() -> Self::Last<R, D> {
                unsafe extern $abi fn last<$($P: CType,)* R, D: DataPointer, T>($($P: $P::Passed,)* data: D) -> R
                where
                    T: Target<($($P,)*), R>,
                {
                    // SAFETY: C hands on the data that it was given with this function.
                    unsafe { T::call(data.data(), ($($P,)*)) }
                }
                last::<$($P,)* R, D, T>
            }

            #[inline]
            #[allow(non_snake_case)]
            fn first<R, D: DataPointer, T: Target<Self, R>>() -> Self::First<R, D> {
                unsafe extern $abi fn first<$($P: CType,)* R, D: DataPointer, T>(data: D, $($P: $P::Passed),*) -> R
                where
                    T: Target<($($P,)*), R>,
                {
                    // SAFETY: as in `last`.
                    unsafe { T::call(data.data(), ($($P,)*)) }
                }
                first::<$($P,)* R, D, T>
            }

            #[inline]
            #[allow(non_snake_case)]
            fn lookup<R, T: Lookup<Self, R>>() -> Self::Bare<R> {
                unsafe extern $abi fn lookup<$($P: CType,)* R, T>($($P: $P::Passed),*) -> R
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
                unsafe extern $abi fn in_slot<$($P: CType,)* R, const SLOT: usize>($($P: $P::Passed),*) -> R {
                    let (function, data) = slots::taken(SLOT);
                    // SAFETY: whoever got this function from `bare::function` has put one of this type in the slot.
                    let function = unsafe {
                        transmute::<*mut (), unsafe extern $abi fn(*mut c_void, $($P::Passed),*) -> R>(function)
                    };
                    // SAFETY: the data stands in the slot beside it, and C calls only while both do.
                    unsafe { function(data, $($P),*) }
                }
                in_slot::<$($P,)* R, SLOT>
            }

            #[inline]
            fn erased<R>(function: Self::First<R, *mut c_void>) -> *mut () {
                function as *mut ()
            }
        }
    };
}

macro_rules! of_each_arity {
    ($macro:ident) => {
        $macro! {
            [] [A] [A B] [A B E] [A B E G] [A B E G H] [A B E G H I] [A B E G H I J] [A B E G H I J K]
        }
    };
}

of_each_arity! { closures }
of_each_arity! { parameters }
