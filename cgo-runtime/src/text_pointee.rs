//! The C types that text and bytes are behind pointers of.

use core::ffi::c_void;

/// What C's text and bytes are declared as: `char`, `unsigned char`, `signed char`, their fixed-width names, and `void`. It is implemented
/// for `i8`, `u8` and `c_void` alone; `c_char` is one of the first two.
///
/// [`GoString`](fn@crate::GoString) and its like take pointers to any of them, so that nothing is cast:
///
/// ```
/// # use cgo_runtime as cgo;
/// # use std::ffi::{c_uchar, c_void};
/// let unsigned: *const c_uchar = b"xmlChar\0".as_ptr();
/// let anything: *mut c_void = unsigned.cast_mut().cast();
/// unsafe {
///     assert_eq!(cgo::GoString(c"char".as_ptr()), "char");
///     assert_eq!(cgo::GoString(unsigned), "xmlChar");
///     assert_eq!(cgo::GoBytes(anything, 3), b"xml");
/// }
/// ```
///
/// A pointer whose type only this call could tell needs it: `null::<c_char>()`, `p.cast::<c_char>()`.
#[diagnostic::on_unimplemented(
    message = "a pointer to `{Self}` is not one to text or bytes of C",
    label = "not `c_char`, `u8`, `i8` or `c_void`",
    note = "`p.cast::<c_char>()` reads other memory as text, `p.cast::<c_void>()` as bytes"
)]
pub trait Byte: Sealed {}

/// Not public, so that nobody else has a [`Byte`].
#[allow(unreachable_pub)]
pub trait Sealed {}

macro_rules! bytes {
    ($($type:ty)*) => {$(
        impl Byte for $type {}
        impl Sealed for $type {}
    )*};
}

bytes! { i8 u8 c_void }
