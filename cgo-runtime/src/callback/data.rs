//! The user data, as the pointer that C declares for it.

use core::ffi::c_void;

/// A pointer that C declares for user data: `*mut T` or `*const T`. It is implemented for these alone.
///
/// Which one follows from the C function that gets it, such as `void pcap_loop(.., pcap_handler callback, u_char *user)`. Where
/// nothing tells, as behind the `...` of `curl_easy_setopt`, write it: `|function, data: *mut c_void|`, or
/// `owned_data_last::<*mut c_void>()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the user data of a callback",
    label = "not a pointer",
    note = "the user data is a `*mut T` or a `*const T`, whichever C declares"
)]
pub trait DataPointer: Copy + Pointer {}

impl<T> DataPointer for *mut T {}
impl<T> DataPointer for *const T {}

/// What a [`DataPointer`] can do; not public, so that nobody else has one.
#[allow(unreachable_pub)]
pub trait Pointer {
    /// The pointer to this user data.
    fn to(data: *mut c_void) -> Self;

    /// The user data that it points to.
    fn data(self) -> *mut c_void;
}

impl<T> Pointer for *mut T {
    #[inline]
    fn to(data: *mut c_void) -> Self {
        data.cast()
    }

    #[inline]
    fn data(self) -> *mut c_void {
        self.cast()
    }
}

impl<T> Pointer for *const T {
    #[inline]
    fn to(data: *mut c_void) -> Self {
        data.cast()
    }

    #[inline]
    fn data(self) -> *mut c_void {
        self.cast_mut().cast()
    }
}
