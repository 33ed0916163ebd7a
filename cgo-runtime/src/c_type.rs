//! Which Rust types C has too, and what kind of thing each is in a call.

use core::cell::Cell;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use crate::Complex;
use crate::kind::Kind;
use crate::lengths::Lengths;
use crate::volatile::Volatile;

/// A Rust type that C has too, passed in the same way.
///
/// Parameters and results of `#[export_c]` functions and of callbacks have such types. `#[export_c]` on a
/// `#[repr(C)]` struct, union or fieldless enum implements it, and so does `c_preamble!` for C's structs.
///
/// # Safety
///
/// `extern "C"` passes a value of the type exactly as C passes one of the C type.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// /// The bytes that C needs for a value.
/// fn bytes<T: cgo::CType>(value: &T) -> usize {
///     size_of_val(value)
/// }
/// assert_eq!(bytes(&Some(&1_i32)), size_of::<usize>()); // a pointer
/// ```
#[diagnostic::on_unimplemented(
    message = "C has no type like `{Self}`",
    label = "cannot cross between Rust and C",
    note = "types that C has too: integers, floats, `bool`, pointers, `&T`, `&mut T`, `Box<T>` and `Option` of those three, `extern \"C\" fn(..)`, C's own types",
    note = "`#[export_c]` on a `#[repr(C)]` struct, union or fieldless enum makes it such a type",
    note = "text: take `&CStr` or `&str` in an exported function, return a pointer from `cgo::CString`; bytes: take `&[u8]`; anything else: a `Box` or a `cgo::Handle`"
)]
pub unsafe trait CType: Sized {
    /// The type in the signature of a function that C calls: `Self`, `cgo::Unchecked<Self>` where C may pass an invalid value, or
    /// `Option<Self>` where `Self` is a pointer that is never null.
    type Passed: Passed<Self>;

    /// What C sees of it: a struct or union, unless the type says otherwise.
    #[doc(hidden)]
    const KIND: Kind = Kind::record::<Self>();

    /// Whether C may store an invalid value there, which [`check`](CType::check) finds.
    #[doc(hidden)]
    const CHECKED: bool = false;

    /// Whether it is a reference or a box: [`check`](CType::check) does not follow those.
    #[doc(hidden)]
    const IS_REFERENCE: bool = false;

    /// Whether it is a function that C may return an invalid value from: nothing checks the result of such a call.
    #[doc(hidden)]
    const RETURNS_CHECKED: bool = false;

    /// Whether it is a function that C may pass an invalid value: nothing checks the arguments of such a call.
    #[doc(hidden)]
    const TAKES_CHECKED: bool = false;

    /// Panics if the value there is invalid.
    ///
    /// # Safety
    ///
    /// `place` can be read.
    #[doc(hidden)]
    #[inline]
    unsafe fn check(_place: *const Self) {}
}

/// The type of a `T` in the signature of a function that C calls.
pub trait Passed<T> {
    /// The checked value.
    ///
    /// # Panics
    ///
    /// If it is invalid.
    fn value(self) -> T;
}

impl<T> Passed<T> for T {
    #[inline]
    fn value(self) -> T {
        self
    }
}

macro_rules! c_types {
    ($($type:ty => $kind:expr;)*) => {$(
        // SAFETY: the Rust reference says which C type each primitive is, and `extern "C"` passes it as that.
        unsafe impl CType for $type {
            type Passed = Self;
            const KIND: Kind = $kind;
        }
    )*};
}

macro_rules! integers {
    ($($signed:ty, $unsigned:ty;)*) => {c_types! {$(
        $signed => Kind::Integer { size: size_of::<$signed>(), signed: true };
        $unsigned => Kind::Integer { size: size_of::<$unsigned>(), signed: false };
    )*}};
}

integers! { i8, u8; i16, u16; i32, u32; i64, u64; i128, u128; isize, usize; }

c_types! {
    () => Kind::Void;
    bool => Kind::Bool;
    f32 => Kind::Float { size: 4 };
    f64 => Kind::Float { size: 8 };
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! complex {
    ($($part:ty)*) => {$(
        /// Only where `extern "C"` is known to pass it as C does: the x86-64 psABI (3.2.3) and AAPCS64 (5.9) take a
        /// complex number for a struct of two.
        // SAFETY: as said.
        unsafe impl CType for Complex<$part> {
            type Passed = Self;
            const KIND: Kind = Kind::Complex {
                size: size_of::<Self>(),
            };
        }
    )*};
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
complex! { f32 f64 }

macro_rules! pointers {
    ($is_reference:literal, $passed:ty: $($type:ty)*) => {$(
        // SAFETY: a pointer to a sized type is a C pointer, and `Option` takes null for `None` (the documentation of
        // `Option`, "Representation", and of `Box`, "Memory layout").
        unsafe impl<T> CType for $type {
            type Passed = $passed;
            const KIND: Kind = Kind::Pointer;
            const IS_REFERENCE: bool = $is_reference;
        }
    )*};
}

pointers! { false, Self: *const T *mut T Option<NonNull<T>> }
pointers! { false, Option<Self>: NonNull<T> }
pointers! { true, Self: Option<&T> Option<&mut T> }
pointers! { true, Option<Self>: &T &mut T }
#[cfg(feature = "alloc")]
pointers! { true, Self: Option<Box<T>> }
#[cfg(feature = "alloc")]
pointers! { true, Option<Self>: Box<T> }

macro_rules! never_null {
    ($([$($lifetime:lifetime)?] $type:ty, $name:literal;)*) => {$(
        impl<$($lifetime,)? T: ?Sized> Passed<$type> for Option<$type> {
            #[inline]
            #[track_caller]
            fn value(self) -> $type {
                self.expect(concat!("C passed null for a `", $name, "`: take `Option<", $name, ">` if null is allowed"))
            }
        }
    )*};
}

never_null! { ['a] &'a T, "&T"; ['a] &'a mut T, "&mut T"; [] NonNull<T>, "NonNull<T>"; }
#[cfg(feature = "alloc")]
never_null! { [] Box<T>, "Box<T>"; }

/// Whether a value from C may be invalid, or what it points to or returns, where nothing checks it.
const fn may_be_invalid<T: CType>() -> bool {
    T::CHECKED || T::IS_REFERENCE || T::RETURNS_CHECKED
}

macro_rules! functions {
    ($([$($parameter:ident)*])*) => {$(
        functions! { @ $($parameter)*; extern "C" fn($($parameter),*) -> R }
        functions! { @ $($parameter)*; unsafe extern "C" fn($($parameter),*) -> R }
        functions! { @ $($parameter)*; extern "C-unwind" fn($($parameter),*) -> R }
        functions! { @ $($parameter)*; unsafe extern "C-unwind" fn($($parameter),*) -> R }
    )*};
    ($([$($parameter:ident)*, ...])*) => {$(
        functions! { @ $($parameter)*; unsafe extern "C" fn($($parameter,)* ...) -> R }
        functions! { @ $($parameter)*; unsafe extern "C-unwind" fn($($parameter,)* ...) -> R }
    )*};
    (@ $($parameter:ident)*; $type:ty) => {
        // SAFETY: an `extern "C"` function pointer is C's, and `Option` takes null for `None`.
        unsafe impl<R: CType, $($parameter: CType),*> CType for $type {
            type Passed = Self;
            const KIND: Kind = Kind::Pointer;
            const RETURNS_CHECKED: bool = may_be_invalid::<R>();
            const TAKES_CHECKED: bool =
                R::TAKES_CHECKED $(|| may_be_invalid::<$parameter>())*;
        }
        // SAFETY: as above.
        unsafe impl<R: CType, $($parameter: CType),*> CType for Option<$type> {
            type Passed = Self;
            const KIND: Kind = Kind::Pointer;
            const RETURNS_CHECKED: bool = may_be_invalid::<R>();
            const TAKES_CHECKED: bool =
                R::TAKES_CHECKED $(|| may_be_invalid::<$parameter>())*;
        }
    };
}

functions! {
    [] [A] [A B] [A B D] [A B D E] [A B D E F] [A B D E F G] [A B D E F G H] [A B D E F G H I] [A B D E F G H I J]
    [A B D E F G H I J K] [A B D E F G H I J K L] [A B D E F G H I J K L M]
}
// What C declares, which is `unsafe` to call.
functions! { [A, ...] [A B, ...] [A B D, ...] [A B D E, ...] [A B D E F, ...] [A B D E F G, ...] }

/// A Rust type that lies in memory as C's does: every [`CType`], arrays of them, and the atomics.
///
/// Fields and statics under `#[export_c]` have such types.
///
/// # Safety
///
/// C has a type of the same size, alignment and meaning.
#[diagnostic::on_unimplemented(
    message = "C has no type with the layout of `{Self}`",
    label = "C cannot read this",
    note = "types that C has too: integers, floats, `bool`, pointers, arrays of those, atomics, and `#[repr(C)]` types with `#[export_c]`"
)]
pub unsafe trait CData {
    /// What C sees of it.
    const KIND: Kind;

    /// As [`CType::CHECKED`].
    #[doc(hidden)]
    const CHECKED: bool = false;

    /// As [`CType::IS_REFERENCE`], of what it holds.
    #[doc(hidden)]
    const IS_REFERENCE: bool = false;

    /// Whether references or boxes are in it so that [`Field`](crate::validity::Field) does not see what they point to.
    #[doc(hidden)]
    const HIDES_REFERENCE: bool = false;

    /// As [`CType::RETURNS_CHECKED`].
    #[doc(hidden)]
    const RETURNS_CHECKED: bool = false;

    /// As [`CType::TAKES_CHECKED`].
    #[doc(hidden)]
    const TAKES_CHECKED: bool = false;

    /// The lengths of an array and of arrays that are its elements.
    #[doc(hidden)]
    const LENGTHS: Lengths = Lengths::None;

    /// As [`CType::check`].
    ///
    /// # Safety
    ///
    /// As there.
    #[doc(hidden)]
    #[inline]
    unsafe fn check(_place: *const Self) {}
}

// SAFETY: what is passed as C's type lies in memory as C's type.
unsafe impl<T: CType> CData for T {
    const KIND: Kind = <T as CType>::KIND;
    const CHECKED: bool = <T as CType>::CHECKED;
    const IS_REFERENCE: bool = <T as CType>::IS_REFERENCE;
    const RETURNS_CHECKED: bool = <T as CType>::RETURNS_CHECKED;
    const TAKES_CHECKED: bool = <T as CType>::TAKES_CHECKED;

    #[inline]
    unsafe fn check(place: *const Self) {
        // SAFETY: as the caller promises.
        unsafe { <T as CType>::check(place) }
    }
}
// SAFETY: an array has its elements one after the other in both languages.
unsafe impl<T: CData, const N: usize> CData for [T; N] {
    const KIND: Kind = Kind::Array {
        size: Some(size_of::<Self>()),
    };
    const CHECKED: bool = T::CHECKED;
    const IS_REFERENCE: bool = T::IS_REFERENCE;
    const HIDES_REFERENCE: bool =
        T::HIDES_REFERENCE || T::IS_REFERENCE && matches!(T::KIND, Kind::Array { .. });
    const RETURNS_CHECKED: bool = T::RETURNS_CHECKED;
    const TAKES_CHECKED: bool = T::TAKES_CHECKED;
    const LENGTHS: Lengths = Lengths::Array(N as i128, &T::LENGTHS);

    #[inline]
    unsafe fn check(place: *const Self) {
        for index in 0..if T::CHECKED { N } else { 0 } {
            // SAFETY: the element lies within what the caller promises.
            unsafe { T::check(place.cast::<T>().add(index)) }
        }
    }
}

macro_rules! wrappers {
    ($([$($access:ident)?] $type:ty;)*) => {$(
        // SAFETY: it is laid out as what it holds.
        unsafe impl<T: CData, $($access)?> CData for $type {
            const KIND: Kind = T::KIND;
            const CHECKED: bool = T::CHECKED;
            const IS_REFERENCE: bool = T::IS_REFERENCE;
            const HIDES_REFERENCE: bool = T::IS_REFERENCE;
            const RETURNS_CHECKED: bool = T::RETURNS_CHECKED;
            const TAKES_CHECKED: bool = T::TAKES_CHECKED;
            const LENGTHS: Lengths = T::LENGTHS;

            #[inline]
            unsafe fn check(place: *const Self) {
                // SAFETY: as the caller promises, of what is laid out alike.
                unsafe { T::check(place.cast()) }
            }
        }
    )*};
}

wrappers! { [A] Volatile<T, A>; [] Cell<T>; [] ManuallyDrop<T>; }

macro_rules! atomics {
    ($($atomic:ident $plain:ident $bits:literal)*) => {$(
        // SAFETY: "This type has the same size and bit validity as the underlying integer type", says its documentation.
        #[cfg(target_has_atomic = $bits)]
        unsafe impl CData for core::sync::atomic::$atomic {
            const KIND: Kind = <$plain as CType>::KIND;
        }
    )*};
}

atomics! {
    AtomicBool bool "8" AtomicI8 i8 "8" AtomicU8 u8 "8" AtomicI16 i16 "16" AtomicU16 u16 "16" AtomicI32 i32 "32"
    AtomicU32 u32 "32" AtomicI64 i64 "64" AtomicU64 u64 "64" AtomicIsize isize "ptr" AtomicUsize usize "ptr"
}

// SAFETY: "This type has the same size and bit validity as a `*mut T`", says its documentation.
#[cfg(target_has_atomic = "ptr")]
unsafe impl<T> CData for core::sync::atomic::AtomicPtr<T> {
    const KIND: Kind = Kind::Pointer;
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ffi::{c_char, c_long, c_void};

    fn kind<T: CType>(_: T) -> Kind {
        T::KIND
    }

    #[test]
    fn an_integer_is_its_size_and_sign() {
        assert_eq!(
            kind(0 as c_long),
            Kind::Integer {
                size: size_of::<c_long>(),
                signed: true
            }
        );
        assert_eq!(
            kind(0 as c_char),
            Kind::Integer {
                size: 1,
                signed: c_char::MIN != 0
            }
        );
    }

    #[test]
    fn every_pointer_is_a_pointer() {
        extern "C" fn callback(_: i32, _: *mut c_void) {}
        let function: extern "C" fn(i32, *mut c_void) = callback;
        assert_eq!(kind(function), Kind::Pointer);
        assert_eq!(kind(Some(Box::new(1))), Kind::Pointer);
        assert_eq!(kind(core::ptr::null::<u8>()), Kind::Pointer);
    }
}
