//! Turns C's two ways of reporting an error, errno and a result that means failure, into Rust's
//! `Option` and `Result`.

use core::ffi::c_int;
use std::io;

use crate::c_library;

/// Calls `call` and returns its result together with the error that C left in errno, if any.
///
/// This is cgo's `n, err := C.f()`, and follows its rules: errno is set to 0 before the call, read
/// right after it, and reported whenever it is not 0, even if the function succeeded. It works for
/// every function, including one that returns nothing. Many C functions leave a meaningless errno
/// when they succeed. Prefer [`check`] where the result itself tells success from failure, as -1
/// and null do.
///
/// Keep the closure to the one C call. What the closure owns is dropped before errno is read, and
/// freeing or printing something may change errno.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_char, c_int, c_long};
/// #     unsafe extern "C" {
/// #         pub fn strtol(s: *const c_char, end: *mut *mut c_char, base: c_int) -> c_long;
/// #     }
/// # }
/// # use std::ffi::c_long;
/// # use std::ptr::null_mut;
/// let digits = c"99999999999999999999999";
/// let (n, error) = cgo::with_errno(|| unsafe { C::strtol(digits.as_ptr(), null_mut(), 10) });
/// assert_eq!(n, c_long::MAX);
/// assert!(error.is_some()); // ERANGE: "Numerical result out of range"
///
/// let (n, error) = cgo::with_errno(|| unsafe { C::strtol(c"99".as_ptr(), null_mut(), 10) });
/// assert_eq!(n, 99);
/// assert!(error.is_none());
/// ```
///
/// The functions of math.h need care. Some C libraries, such as macOS's, never set errno in them.
/// Rust's own runtime library has a `sqrt` and a `fmod` that never do either; the limits of
/// `c_preamble!` say where C calls those.
///
/// The number itself, to compare with `C::EDOM`, is [`raw_os_error`](io::Error::raw_os_error). On
/// Windows it is C's errno too, as everywhere, but the error's text and [`kind`](io::Error::kind)
/// mean the system error of the same number, since an `io::Error` knows no others there.
#[inline]
pub fn with_errno<T>(call: impl FnOnce() -> T) -> (T, Option<io::Error>) {
    c_library::set_errno(0);
    let result = call();
    let errno = c_library::errno();
    let error = (errno != 0).then(|| io::Error::from_raw_os_error(errno));
    (result, error)
}

/// Sets this thread's errno, as `errno = value;` does in C.
///
/// An exported function can report an error by it, and some functions of C say only by errno that they failed.
///
/// ```
/// # use cgo_runtime as cgo;
/// let ((), error) = cgo::with_errno(|| cgo::set_errno(2));
/// assert_eq!(error.unwrap().raw_os_error(), Some(2));
/// ```
#[inline]
pub fn set_errno(value: c_int) {
    c_library::set_errno(value);
}

/// Calls `call` and turns what it returns into a `Result`, for functions that report a failure as -1
/// or null and its reason in errno.
///
/// [`Failure`] decides which results are failures. Errno is set to 0 before the call and read only
/// after a failure, so an errno left behind by a function that succeeded does no harm.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_char, c_int};
/// #     unsafe extern "C" { pub fn rename(from: *const c_char, to: *const c_char) -> c_int; }
/// # }
/// let result = cgo::check(|| unsafe { C::rename(c"no such file".as_ptr(), c"b".as_ptr()) });
/// assert_eq!(result.unwrap_err().kind(), std::io::ErrorKind::NotFound);
/// ```
///
/// As with [`with_errno`], keep the closure to the one C call. What it says about Windows holds here
/// too.
///
/// # Errors
///
/// Returns the error that errno names if the result is a failure. If the function left errno at 0,
/// the error is of kind [`Other`](io::ErrorKind::Other) and has no number.
#[inline]
pub fn check<T: Failure>(call: impl FnOnce() -> T) -> io::Result<T> {
    c_library::set_errno(0);
    let result = call();
    if result.is_failure() {
        Err(failure(c_library::errno()))
    } else {
        Ok(result)
    }
}

#[cold]
#[inline]
fn failure(errno: c_int) -> io::Error {
    if errno == 0 {
        io::Error::other("the C function failed and left errno at 0")
    } else {
        io::Error::from_raw_os_error(errno)
    }
}

/// A result type of C functions that reserves some value for failure; used by [`check`].
///
/// Signed integers fail with -1. Pointers fail with null, and with `(void *)-1`, which is how
/// `mmap`, `shmat` and `sbrk` fail and which points to nothing in any program. Other negative
/// integers are successes. Unsigned integers do not implement this trait on purpose: few functions
/// return -1 as an unsigned integer on failure, and for most it is an ordinary result.
///
/// You can implement it for your own types, such as a wrapper for a library's status codes:
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C { pub fn poll() -> std::ffi::c_int { -4 } }
/// struct Status(std::ffi::c_int); // any negative number is a failure
///
/// impl cgo::Failure for Status {
///     fn is_failure(&self) -> bool {
///         self.0 < 0
///     }
/// }
///
/// assert!(cgo::check(|| Status(C::poll())).is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "no value of `{Self}` is known to mean that a C function failed",
    note = "`check` takes signed integers (-1 means failure) and pointers (null means failure)",
    note = "`with_errno` reports errno after a function of any type"
)]
pub trait Failure {
    /// Whether this result says that the function failed.
    fn is_failure(&self) -> bool;
}

macro_rules! fails_with_minus_one {
    ($($int:ty)*) => {$(
        impl Failure for $int {
            #[inline]
            fn is_failure(&self) -> bool {
                *self == -1
            }
        }
    )*};
}

fails_with_minus_one!(i8 i16 i32 i64 i128 isize);

impl<T> Failure for *const T {
    #[inline]
    fn is_failure(&self) -> bool {
        self.is_null() || self.addr() == usize::MAX
    }
}

impl<T> Failure for *mut T {
    #[inline]
    fn is_failure(&self) -> bool {
        self.cast_const().is_failure()
    }
}
