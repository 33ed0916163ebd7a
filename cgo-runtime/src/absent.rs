//! Functions that this build does not have: a call is an error that names the feature. No type implements these traits.

macro_rules! absent {
    ($feature:ident: $($name:ident $(, $parameter:ident)*;)*) => {$(
        #[doc = concat!("Stands for `", stringify!($name), "`, which this build does not have.")]
        #[doc(hidden)]
        #[allow(non_snake_case)]
        #[inline]
        pub fn $name<T: $feature>(first: T $(, $parameter: core::ffi::c_int)*) {
            let _ = (first, $($parameter)*);
        }
    )*};
}

/// What copies.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "copying strings and bytes needs the feature `alloc` of the crate `cgo`",
    label = "this function allocates memory",
    note = "without it: pass `c\"..\".as_ptr()` to C, and read what C has by `CStr::from_ptr` or `cgo::slice`"
)]
pub trait Allocation {}

#[cfg(not(feature = "alloc"))]
absent! { Allocation:
    CString;
    CBytes;
    GoString;
    GoStringN, n;
    GoBytes, n;
    try_go_string;
    try_go_string_n, n;
    try_go_bytes, n;
}

/// What needs threads and panics.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "closures as callbacks need the feature `std` of the crate `cgo`",
    note = "without it: pass an `extern \"C\"` function"
)]
pub trait Callbacks {}

#[cfg(not(feature = "std"))]
absent! { Callbacks: callback; }

/// What returns `std::io::Error`.
#[cfg(not(all(feature = "std", any(unix, windows, target_os = "wasi"))))]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "errno needs the feature `std` of the crate `cgo`, and a C library of the target that the crate `libc` knows"
)]
pub trait Errno {}

#[cfg(not(all(feature = "std", any(unix, windows, target_os = "wasi"))))]
absent! { Errno: with_errno; check; set_errno; }
