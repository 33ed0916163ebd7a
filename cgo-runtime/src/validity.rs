//! Validity of what C passes: for a Rust enum C may pass a number that no variant has, so it is checked before Rust has it.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use crate::c_type::{CData, CType, Passed};
use crate::imported::{CLayout, Layout};
use crate::kind::Kind;

/// A value from C that is not yet checked: for a Rust enum, or a struct with one in it, C may pass a number that no variant has.
///
/// It is passed as `T` is, and stands for `T` in the types of function pointers that C gets.
///
/// ```
/// # use cgo_runtime as cgo;
/// fn call(function: extern "C" fn(cgo::Unchecked<i32>) -> i32) -> i32 {
///     function(7.into())
/// }
/// extern "C" fn next(number: cgo::Unchecked<i32>) -> i32 {
///     number.value() + 1
/// }
/// assert_eq!(call(next), 8);
/// ```
///
/// For an enumeration that `#cgo enum:` makes an enum of Rust, it is also what C's functions return, and what its structs, variables and
/// arrays hold: [`get`](Unchecked::get) and [`value`](Unchecked::value) check it, and `==` compares it with a variant.
#[repr(transparent)]
pub struct Unchecked<T>(pub(crate) MaybeUninit<T>);

impl<T: Copy> Copy for Unchecked<T> {}

impl<T: Copy> Clone for Unchecked<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: CType> Unchecked<T> {
    /// The checked value.
    ///
    /// # Panics
    ///
    /// If C has passed a number that no variant of an enum in `T` has.
    #[must_use]
    #[inline]
    pub fn value(self) -> T {
        const {
            assert!(
                !T::IS_REFERENCE,
                "values behind a reference are not checked: take a pointer"
            );
        }
        // SAFETY: it is from C, or was made from a value, and is checked first.
        unsafe {
            T::check(self.0.as_ptr());
            self.0.assume_init()
        }
    }
}

// SAFETY: it is passed as what it stands for.
unsafe impl<T: CType> CType for Unchecked<T> {
    type Passed = Self;
    const KIND: Kind = T::KIND;
    const IS_REFERENCE: bool = T::IS_REFERENCE;
    const RETURNS_CHECKED: bool = T::RETURNS_CHECKED;
    const TAKES_CHECKED: bool = T::TAKES_CHECKED;
}

// SAFETY: it lies in memory as what it stands for.
unsafe impl<T: CLayout> CLayout for Unchecked<T> {
    const LAYOUT: Layout = T::LAYOUT;
}

impl<T> From<T> for Unchecked<T> {
    #[inline]
    fn from(value: T) -> Self {
        Unchecked(MaybeUninit::new(value))
    }
}

impl<T: CType> Passed<T> for Unchecked<T> {
    #[inline]
    fn value(self) -> T {
        Unchecked::value(self)
    }
}

/// Chooses what stands for a type, by whether it is checked.
#[doc(hidden)]
#[derive(Debug)]
pub struct Choice<const CHECKED: bool>;

/// See [`Choice`].
#[doc(hidden)]
pub trait Choose<T> {
    /// The type that is chosen.
    type Passed;
}

impl<T> Choose<T> for Choice<false> {
    type Passed = T;
}

impl<T> Choose<T> for Choice<true> {
    type Passed = Unchecked<T>;
}

/// Panics if no variant has the value of the integer of `size` bytes at `place`.
///
/// # Safety
///
/// So many bytes can be read there.
#[doc(hidden)]
#[inline]
pub unsafe fn check_variant(
    place: *const u8,
    size: usize,
    signed: bool,
    name: &str,
    variants: &[i128],
) {
    // SAFETY: as the caller promises, of an integer of this size; it need not be aligned.
    let value = unsafe {
        match (size, signed) {
            (1, true) => place.cast::<i8>().read().into(),
            (1, false) => place.read().into(),
            (2, true) => place.cast::<i16>().read_unaligned().into(),
            (2, false) => place.cast::<u16>().read_unaligned().into(),
            (4, true) => place.cast::<i32>().read_unaligned().into(),
            (4, false) => place.cast::<u32>().read_unaligned().into(),
            (8, true) => place.cast::<i64>().read_unaligned().into(),
            (8, false) => place.cast::<u64>().read_unaligned().into(),
            _ => place.cast::<i128>().read_unaligned(),
        }
    };
    if !variants.contains(&value) {
        no_variant(name, value);
    }
}

#[cold]
#[inline(never)]
fn no_variant(name: &str, value: i128) -> ! {
    panic!("C passed {value} for a `{name}`, which has no variant of this value")
}

/// An argument of an exported function. What a reference or a box points to is checked where C may have stored an invalid value.
#[doc(hidden)]
#[derive(Debug)]
pub struct Argument<T>(pub T);

macro_rules! pointing {
    ($([$($lifetime:lifetime)?] $type:ty: $self:ident => $place:expr;)*) => {$(
        impl<$($lifetime,)? T: CData> Argument<$type> {
            /// The argument.
            #[inline]
            pub fn checked($self) -> $type {
                if let Some(place) = $place {
                    // SAFETY: it points to what can be read.
                    unsafe { T::check(place) }
                }
                $self.0
            }
        }
    )*};
}

pointing! {
    ['a] &'a T: self => Some(core::ptr::from_ref(self.0));
    ['a] &'a mut T: self => Some(core::ptr::from_ref(&*self.0));
    ['a] Option<&'a T>: self => self.0.map(core::ptr::from_ref);
    ['a] Option<&'a mut T>: self => self.0.as_deref().map(core::ptr::from_ref);
}

#[cfg(feature = "alloc")]
pointing! {
    [] Box<T>: self => Some(core::ptr::from_ref(&*self.0));
    [] Option<Box<T>>: self => self.0.as_deref().map(core::ptr::from_ref);
}

/// The fallback of [`Argument`], for types that C does not have: method resolution prefers the `impl`s above.
#[doc(hidden)]
pub trait Opaque<T> {
    /// The argument.
    fn checked(self) -> T;
}

impl<T> Opaque<T> for Argument<T> {
    #[inline]
    fn checked(self) -> T {
        self.0
    }
}

/// The field of an exported struct: whether it is a reference or a box to what would have to be checked. References in fields are not
/// followed, since a linked list may be endless.
#[doc(hidden)]
#[derive(Debug)]
pub struct Field<T>(PhantomData<T>);

/// A parameter of an exported function: whether it leads to such a reference, which [`Argument`] does not check.
#[doc(hidden)]
#[derive(Debug)]
pub struct Parameter<T>(PhantomData<T>);

macro_rules! leading {
    ($([$($length:tt)*] $of:ty;)*) => {$(
        impl<T: CData, $($length)*> $of {
            /// Whether it does.
            pub const LEADS_TO_CHECKED: bool = T::CHECKED || T::IS_REFERENCE;
        }
    )*};
}

macro_rules! leading_behind {
    ($($type:ty)*) => {$(leading! {
        [] Field<$type>;
        [const N: usize] Field<[$type; N]>;
        [] Parameter<&$type>;
        [const N: usize] Parameter<&[$type; N]>;
        [] Parameter<&mut $type>;
        [const N: usize] Parameter<&mut [$type; N]>;
        [] Parameter<Option<&$type>>;
        [const N: usize] Parameter<Option<&[$type; N]>>;
        [] Parameter<Option<&mut $type>>;
        [const N: usize] Parameter<Option<&mut [$type; N]>>;
    })*};
}

leading_behind! { &T &mut T Option<&T> Option<&mut T> }

#[cfg(feature = "alloc")]
macro_rules! leading_behind_box {
    ($($type:ty)*) => {$(leading! {
        [] Parameter<Box<$type>>;
        [const N: usize] Parameter<Box<[$type; N]>>;
        [] Parameter<Option<Box<$type>>>;
        [const N: usize] Parameter<Option<Box<[$type; N]>>>;
    })*};
}

#[cfg(feature = "alloc")]
leading_behind! { Box<T> Option<Box<T>> }
#[cfg(feature = "alloc")]
leading_behind_box! { &T &mut T Box<T> Option<&T> Option<&mut T> Option<Box<T>> }

/// The fallback of [`Field`] and [`Parameter`], as [`Opaque`] is of [`Argument`].
#[doc(hidden)]
pub trait Unled {
    /// It does not.
    const LEADS_TO_CHECKED: bool = false;
}

impl<T> Unled for Field<T> {}

impl<T> Unled for Parameter<T> {}

/// Refuses a function pointer as what C gives.
///
/// # Panics
///
/// If C may return an invalid value: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn refuse_returned(returns: bool) {
    assert!(
        !returns,
        "C may return a number that no variant of this Rust enum has\nhelp: let the function return an integer"
    );
}

/// Refuses a field or a parameter that leads there.
///
/// # Panics
///
/// If it does: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn refuse_unseen(leads: bool) {
    assert!(
        !leads,
        "C may store a number that no variant of a Rust enum has behind this reference, where nothing checks it\nhelp: use a pointer, `*const` or `*mut`"
    );
}

/// Refuses a parameter whose name is that of a type which needs no check, such as `c_int`, while its type needs one.
///
/// # Panics
///
/// If it is: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn refuse_unlooked(checked: bool) {
    assert!(
        !checked,
        "this name hides a Rust enum, or a struct with one, and C may pass a number that no variant has\nhelp: write the name of the enum or struct itself"
    );
}

/// Refuses a function pointer as what C gets.
///
/// # Panics
///
/// If C may pass it an invalid value: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn refuse_taken(takes: bool) {
    assert!(
        !takes,
        "C may pass this function a number that no variant of its Rust enum has\nhelp: write `cgo::Unchecked<..>` around the enum in the function's type"
    );
}
