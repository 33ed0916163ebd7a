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
    #[track_caller]
    pub fn value(self) -> T {
        const {
            assert!(
                !T::IS_REFERENCE,
                "values behind a reference are not checked: take a pointer"
            );
        }
        // SAFETY: C or `From` has written all of the bytes, and `check` panics if they are no valid `T`.
        unsafe {
            T::check(self.0.as_ptr());
            self.0.assume_init()
        }
    }
}

// SAFETY: `repr(transparent)` over a `MaybeUninit<T>`, which is passed as a `T`.
unsafe impl<T: CType> CType for Unchecked<T> {
    type Passed = Self;
    const KIND: Kind = T::KIND;
    const IS_REFERENCE: bool = T::IS_REFERENCE;
    const RETURNS_CHECKED: bool = T::RETURNS_CHECKED;
    const TAKES_CHECKED: bool = T::TAKES_CHECKED;
}

// SAFETY: `repr(transparent)` over a `MaybeUninit<T>`, which has the layout of a `T`.
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
#[track_caller]
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
#[track_caller]
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
                    // SAFETY: `place` is from the reference or box in `self.0`, whose target can be read as a `T`.
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

/// The fallback of [`Argument`], for types with nothing to check: method resolution prefers the `impl`s above.
#[doc(hidden)]
pub trait NotChecked<T> {
    /// The argument.
    fn checked(self) -> T;
}

impl<T> NotChecked<T> for Argument<T> {
    #[inline]
    fn checked(self) -> T {
        self.0
    }
}

/// The field of an exported struct. A value behind a reference or a box in it is not checked, since a linked list may be endless.
#[doc(hidden)]
#[derive(Debug)]
pub struct Field<T>(PhantomData<T>);

/// A parameter of an exported function. [`Argument`] checks what it points to, and not what a reference or a box in there points to.
#[doc(hidden)]
#[derive(Debug)]
pub struct Parameter<T>(PhantomData<T>);

macro_rules! unchecked_targets {
    ($([$($length:tt)*] $of:ty;)*) => {$(
        impl<T: CData, $($length)*> $of {
            /// Whether C may store an invalid value behind a reference or a box that is not followed.
            pub const HAS_UNCHECKED_TARGET: bool =
                T::CHECKED || T::IS_REFERENCE || T::RETURNS_CHECKED || T::TAKES_CHECKED;
        }
    )*};
}

macro_rules! unchecked_behind {
    ($($type:ty)*) => {$(unchecked_targets! {
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

unchecked_behind! { &T &mut T Option<&T> Option<&mut T> }

#[cfg(feature = "alloc")]
macro_rules! unchecked_behind_box {
    ($($type:ty)*) => {$(unchecked_targets! {
        [] Parameter<Box<$type>>;
        [const N: usize] Parameter<Box<[$type; N]>>;
        [] Parameter<Option<Box<$type>>>;
        [const N: usize] Parameter<Option<Box<[$type; N]>>>;
    })*};
}

#[cfg(feature = "alloc")]
unchecked_behind! { Box<T> Option<Box<T>> }
#[cfg(feature = "alloc")]
unchecked_behind_box! { &T &mut T Box<T> Option<&T> Option<&mut T> Option<Box<T>> }

macro_rules! targets {
    ($($of:ty)*) => {$(
        impl<T: CData> Parameter<$of> {
            /// Whether C may store what returns or leads to an invalid value, or call what takes one.
            pub const TARGET_LEADS_ON: bool =
                T::HIDES_REFERENCE || T::RETURNS_CHECKED || T::TAKES_CHECKED;

            /// Whether C may call what is there with an invalid value.
            pub const TARGET_TAKES_CHECKED: bool = T::TAKES_CHECKED;
        }
    )*};
}

targets! { &T &mut T Option<&T> Option<&mut T> }
#[cfg(feature = "alloc")]
targets! { Box<T> Option<Box<T>> }

/// The fallback of [`Field`] and [`Parameter`], as [`NotChecked`] is of [`Argument`].
#[doc(hidden)]
pub trait NothingUnchecked {
    /// There is no such reference.
    const HAS_UNCHECKED_TARGET: bool = false;

    /// There is no such target.
    const TARGET_LEADS_ON: bool = false;

    /// There is no such target.
    const TARGET_TAKES_CHECKED: bool = false;
}

impl<T> NothingUnchecked for Field<T> {}

impl<T> NothingUnchecked for Parameter<T> {}

/// Rejects a function pointer from C whose function may return an invalid value for an enum.
///
/// # Panics
///
/// If it may: at compile time, since this is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn reject_enum_result(returns: bool) {
    assert!(
        !returns,
        "C may return a number that no variant of a Rust enum has, or a reference or box with one\nhelp: let the function return an integer or a raw pointer"
    );
}

/// Rejects a field or a parameter with an unchecked target, see [`Field`] and [`Parameter`].
///
/// # Panics
///
/// If it has one: at compile time, since this is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn reject_unchecked_target(has_target: bool) {
    assert!(
        !has_target,
        "C may store a number that no variant of a Rust enum has behind this reference, where nothing checks it\nhelp: use a pointer, `*const` or `*mut`"
    );
}

/// Rejects a parameter whose type needs a check and has the name of a type that needs none, such as `c_int`.
///
/// # Panics
///
/// If the type needs a check: at compile time, since this is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn reject_hidden_enum(checked: bool) {
    assert!(
        !checked,
        "this name hides a reference, a Rust enum, or a struct with one, and C may pass a number that no variant has\nhelp: write the type that it stands for"
    );
}

/// Rejects a function pointer for C to whose function C may pass an invalid value for an enum.
///
/// ```compile_fail,E0080
/// # use cgo_runtime as cgo;
/// extern "C" fn read(_: &i32) {}
/// let callback = cgo::callback(|| read as extern "C" fn(&'static i32));
/// ```
///
/// # Panics
///
/// If C may: at compile time, since this is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn reject_enum_parameter(takes: bool) {
    assert!(
        !takes,
        "C may pass this function a number that no variant of a Rust enum has, or a reference or box with one\nhelp: in the function's type, write `cgo::Unchecked<..>` around the enum, and a raw pointer for a reference or box"
    );
}
