//! Which Rust types a preamble may import, and their layouts.

use core::ffi::c_void;
use core::sync::atomic::AtomicPtr;

use crate::Complex;
use crate::c_type::CType;
use crate::kind::Kind;
use crate::stand_ins::{AlignedBytes, AtomicBytes};
use crate::volatile::Volatile;

/// A Rust type that a preamble may import by `use` for a type of its C: the types of other preambles, and what they consist of.
///
/// The layout of a preamble's type is known, and is compared with what the C of the importing preamble says. For a type of your own,
/// you promise the layout:
///
/// ```
/// # use cgo_runtime as cgo;
/// #[repr(transparent)]
/// #[derive(Clone, Copy)]
/// pub struct Fd(std::ffi::c_int);
///
/// // SAFETY: it is an `int`, and C may put any number there.
/// unsafe impl cgo::CLayout for Fd {}
/// // SAFETY: 0 is a value of it.
/// unsafe impl cgo::Zero for Fd {}
/// ```
///
/// # Safety
///
/// The type has the layout and the calling convention of the C type that it stands for, and every value that C stores there is a value
/// of the type. Size and alignment are compared in any case.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of a preamble, so its layout cannot be compared with the C type",
    label = "imported by `use`, but not from a `c_preamble!`",
    note = "import the type from the preamble that has it, or remove the `use`: this preamble then has a type of its own, and pointers to the other one need a `.cast()`",
    note = "for a type of your own, write `unsafe impl cgo::CLayout for T {{}}` to promise that it has the layout of the C type"
)]
pub unsafe trait CLayout: Sized {
    /// The layout.
    #[doc(hidden)]
    const LAYOUT: Layout = Layout::Promised;
}

/// A type whose all-zero bytes are a value. A record with imported members has `Default` if their types implement this.
///
/// # Safety
///
/// `core::mem::zeroed` is sound for the type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be valid if all its bytes are zero",
    note = "a record with such a member has no `Default`; if zeroes are a value, write `unsafe impl cgo::Zero for T {{}}`"
)]
pub unsafe trait Zero {}

/// A struct or union of a preamble. Its layout is an entry of the list of its module.
///
/// # Safety
///
/// The text is what the C compiler said, and all-zero bytes are a value.
#[doc(hidden)]
pub unsafe trait Record: Sized {
    /// The entry.
    const TEXT: Text;
}

/// A module's list of encoded records, and the index of one of them.
#[doc(hidden)]
pub type Text = (&'static [&'static str], usize);

// SAFETY: it was written from what the C compiler said.
#[diagnostic::do_not_recommend]
unsafe impl<T: Record> CLayout for T {
    const LAYOUT: Layout = Layout::Record(T::TEXT.0, T::TEXT.1);
}
// SAFETY: as `Record` says.
#[diagnostic::do_not_recommend]
unsafe impl<T: Record> Zero for T {}

/// How a type is laid out.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Layout {
    /// As the implementation of the trait promises.
    Promised,
    Kind(Kind),
    Atomic(&'static Layout),
    Volatile(&'static Layout),
    Bytes(usize),
    Pointer(&'static Layout),
    /// An `Option` of a function.
    FunctionPointer(&'static Layout),
    Array(&'static Layout, usize),
    Function {
        parameters: &'static [Layout],
        variadic: bool,
        result: &'static Layout,
    },
    /// A module's list, and the number in it.
    Record(&'static [&'static str], usize),
    /// The integer, and the enumerators with their values.
    Enumeration(&'static Layout, &'static str),
}

macro_rules! layouts {
    ($($(#[$attribute:meta])* [$($generics:tt)*] $type:ty => $layout:expr;)*) => {$(
        $(#[$attribute])*
        // SAFETY: what it is in memory is in the Rust reference, and C has the same.
        unsafe impl<$($generics)*> CLayout for $type {
            const LAYOUT: Layout = $layout;
        }
    )*};
}

macro_rules! plain {
    ($($type:ty)*) => {
        layouts! { $([] $type => Layout::Kind(<$type as CType>::KIND);)* }
        $(
            // SAFETY: 0, or `false`.
            unsafe impl Zero for $type {}
        )*
    };
}

plain! { i8 u8 i16 u16 i32 u32 i64 u64 i128 u128 isize usize bool f32 f64 }

layouts! {
    [] () => Layout::Kind(Kind::Void);
    [] c_void => Layout::Kind(Kind::Void);
    [] Complex<f32> => Layout::Kind(Kind::Complex { size: 8 });
    [] Complex<f64> => Layout::Kind(Kind::Complex { size: 16 });
    [T: CLayout] *const T => Layout::Pointer(&T::LAYOUT);
    [T: CLayout] *mut T => Layout::Pointer(&T::LAYOUT);
    [T: CLayout, const N: usize] [T; N] => Layout::Array(&T::LAYOUT, N);
    [A: Copy, const N: usize] AlignedBytes<A, N> => Layout::Bytes(N);
    [A: Copy, const N: usize] AtomicBytes<A, N> => Layout::Bytes(N);
    [T: CLayout, A] Volatile<T, A> => Layout::Volatile(&T::LAYOUT);
    [T: CLayout] AtomicPtr<T> => Layout::Atomic(&Layout::Pointer(&T::LAYOUT));
}

macro_rules! zeroes {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        // SAFETY: its parts are numbers, pointers or bytes, which may all be zero.
        unsafe impl<$($generics)*> Zero for $type {}
    )*};
}

zeroes! {
    [] Complex<f32>; [] Complex<f64>; [T] *const T; [T] *mut T; [T: Zero, const N: usize] [T; N];
    [A: Copy, const N: usize] AlignedBytes<A, N>; [A: Copy, const N: usize] AtomicBytes<A, N>; [T] AtomicPtr<T>;
    [T: Zero, A] Volatile<T, A>;
}

macro_rules! atomics {
    ($($atomic:ident $plain:ident $bits:literal)*) => {$(
        // SAFETY: "This type has the same size and bit validity as the underlying integer type", says its documentation.
        #[cfg(target_has_atomic = $bits)]
        unsafe impl CLayout for core::sync::atomic::$atomic {
            const LAYOUT: Layout = Layout::Atomic(&<$plain as CLayout>::LAYOUT);
        }
        // SAFETY: as above.
        #[cfg(target_has_atomic = $bits)]
        unsafe impl Zero for core::sync::atomic::$atomic {}
    )*};
}

atomics! {
    AtomicBool bool "8" AtomicI8 i8 "8" AtomicU8 u8 "8" AtomicI16 i16 "16" AtomicU16 u16 "16" AtomicI32 i32 "32"
    AtomicU32 u32 "32" AtomicI64 i64 "64" AtomicU64 u64 "64" AtomicIsize isize "ptr" AtomicUsize usize "ptr"
}

macro_rules! functions {
    ($([$($P:ident)*])*) => {$(
        functions! { @ [$($P)*] false unsafe extern "C" fn($($P),*) -> R }
        functions! { @ [$($P)*] false unsafe extern "C-unwind" fn($($P),*) -> R }
    )*};
    (variadic: $([$($P:ident)*])*) => {$(
        functions! { @ [$($P)*] true unsafe extern "C" fn($($P),*, ...) -> R }
        functions! { @ [$($P)*] true unsafe extern "C-unwind" fn($($P),*, ...) -> R }
    )*};
    (@ [$($P:ident)*] $variadic:literal $type:ty) => {
        // SAFETY: a function of C.
        unsafe impl<R: CLayout, $($P: CLayout),*> CLayout for $type {
            const LAYOUT: Layout = Layout::Function {
                parameters: &[$($P::LAYOUT),*],
                variadic: $variadic,
                result: &R::LAYOUT,
            };
        }
        // SAFETY: a pointer to a function of C, or null.
        unsafe impl<R: CLayout, $($P: CLayout),*> CLayout for Option<$type> {
            const LAYOUT: Layout = Layout::FunctionPointer(&<$type as CLayout>::LAYOUT);
        }
        // SAFETY: null is `None`.
        unsafe impl<R, $($P),*> Zero for Option<$type> {}
    };
}

functions! {
    [] [A] [A B] [A B C] [A B C D] [A B C D E] [A B C D E F] [A B C D E F G] [A B C D E F G H] [A B C D E F G H I]
    [A B C D E F G H I J] [A B C D E F G H I J K] [A B C D E F G H I J K L]
}
functions! { variadic:
    [A] [A B] [A B C] [A B C D] [A B C D E] [A B C D E F] [A B C D E F G] [A B C D E F G H]
}
