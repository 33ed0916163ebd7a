//! Copies strings and bytes between Rust and C: each side owns its memory and frees it in its own way.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::error::Error;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::fmt;
use core::str::Utf8Error;

use crate::malloc;
use crate::slices::slice;
use crate::text_pointee::Byte;

/// Copies `s` and a NUL into memory from C's `malloc`.
///
/// This is cgo's `C.CString`. Free the memory with C's `free`; a [`MallocStr`](crate::MallocStr)
/// does so by itself. A NUL in `s` is copied like any other byte, and ends the string for C. The
/// result is never null.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_char, c_int, c_void};
/// #     unsafe extern "C" {
/// #         pub fn puts(s: *const c_char) -> c_int;
/// #         pub fn free(p: *mut c_void);
/// #     }
/// # }
/// let cs = cgo::CString("Hello from stdio");
/// unsafe {
///     C::puts(cs);
///     C::free(cs.cast());
/// }
/// ```
///
/// Aborts the process if memory runs out, as Rust's own strings do.
#[expect(non_snake_case, reason = "cgo's name")]
#[must_use = "C's `free` must be called with the pointer"]
#[inline]
pub fn CString(s: impl AsRef<[u8]>) -> *mut c_char {
    malloc::string_copy(s.as_ref())
}

/// Copies `bytes` into memory from C's `malloc`.
///
/// This is cgo's `C.CBytes`. Free the memory with C's `free`; a [`MallocBytes`](crate::MallocBytes)
/// does so by itself. No NUL is added, so C must be told the length. The result is never null, even
/// for no bytes, and is aligned for every C type.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::c_void;
/// #     unsafe extern "C" { pub fn free(p: *mut c_void); }
/// # }
/// let p = cgo::CBytes([1, 2, 3]);
/// unsafe {
///     assert_eq!(cgo::GoBytes(p, 3), [1, 2, 3]);
///     C::free(p);
/// }
/// ```
///
/// Aborts the process if memory runs out, as Rust's own vectors do.
#[expect(non_snake_case, reason = "cgo's name")]
#[must_use = "C's `free` must be called with the pointer"]
#[inline]
pub fn CBytes(bytes: impl AsRef<[u8]>) -> *mut c_void {
    malloc::bytes_copy(bytes.as_ref())
}

/// Copies the C string at `p` into a `String`.
///
/// This is cgo's `C.GoString`: null gives `""`. A `String` is always UTF-8, so each sequence of
/// bytes that is not is replaced by U+FFFD, `'\u{fffd}'`. [`try_go_string`] returns an error
/// instead, and `CStr::from_ptr` keeps the bytes. The string at `p` still belongs to C. It may be a
/// `char *`, an `unsigned char *` or a `void *`: see [`Byte`].
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_char, c_int};
/// #     unsafe extern "C" { pub fn strerror(errnum: c_int) -> *mut c_char; }
/// # }
/// let text: String = unsafe { cgo::GoString(C::strerror(2)) };
/// assert_eq!(text, "No such file or directory");
/// ```
///
/// # Safety
///
/// `p` is null, or points to a NUL-terminated string, of at most `isize::MAX` bytes, that nothing
/// writes to during the call.
#[expect(non_snake_case, reason = "cgo's name")]
#[must_use]
#[inline]
pub unsafe fn GoString<T: Byte>(p: *const T) -> String {
    if p.is_null() {
        return String::new();
    }
    // SAFETY: `p` is not null, and so the caller promises a string that stays the same while we
    // copy it.
    string(unsafe { CStr::from_ptr(p.cast()) }.to_bytes())
}

/// Copies the `n` bytes at `p`, including NULs, into a `String`.
///
/// This is cgo's `C.GoStringN`, for C strings that come with a length. If `n` is 0, the result is
/// `""` and `p` may be anything, including null. Bytes that are not UTF-8 are replaced as in
/// [`GoString`]; [`try_go_string_n`] returns an error instead.
///
/// ```
/// # use cgo_runtime as cgo;
/// let p = c"Hello".as_ptr();
/// assert_eq!(unsafe { cgo::GoStringN(p, 4) }, "Hell");
/// ```
///
/// # Safety
///
/// If `n > 0`, then `p` points to `n` initialized bytes that nothing writes to during the call.
///
/// # Panics
///
/// Panics if `n` is negative, or if `p` is null and `n > 0`.
#[expect(non_snake_case, reason = "cgo's name")]
#[must_use]
#[inline]
#[track_caller]
pub unsafe fn GoStringN<T: Byte>(p: *const T, n: c_int) -> String {
    // SAFETY: the caller's promise is the one that `bytes` asks for, and the bytes are copied
    // before we return.
    string(unsafe { bytes(p.cast(), n) })
}

/// Copies the `n` bytes at `p` into a `Vec`.
///
/// This is cgo's `C.GoBytes`. If `n` is 0, the result is empty and `p` may be anything, including
/// null. To read the bytes without a copy, see [`slice()`].
///
/// ```
/// # use cgo_runtime as cgo;
/// let header = c"\x89PNG";
/// assert_eq!(unsafe { cgo::GoBytes(header.as_ptr(), 4) }, b"\x89PNG");
/// ```
///
/// # Safety
///
/// If `n > 0`, then `p` points to `n` initialized bytes that nothing writes to during the call.
///
/// # Panics
///
/// Panics if `n` is negative, or if `p` is null and `n > 0`.
#[expect(non_snake_case, reason = "cgo's name")]
#[must_use]
#[inline]
#[track_caller]
pub unsafe fn GoBytes<T: Byte>(p: *const T, n: c_int) -> Vec<u8> {
    // SAFETY: the caller's promise is the one that `bytes` asks for, and the bytes are copied
    // before we return.
    unsafe { bytes(p.cast(), n) }.to_vec()
}

/// Like [`GoString`], but null and bytes that are not UTF-8 are errors.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use std::ptr;
/// unsafe {
///     assert_eq!(cgo::try_go_string(c"Grüße".as_ptr()).unwrap(), "Grüße");
///     assert_eq!(cgo::try_go_string(ptr::null::<u8>()), Err(cgo::FromCError::Null));
///     assert!(matches!(cgo::try_go_string(c"\xff".as_ptr()), Err(cgo::FromCError::NotUtf8(_))));
/// }
/// ```
///
/// # Safety
///
/// As for [`GoString`].
///
/// # Errors
///
/// [`Null`](FromCError::Null) if `p` is null, [`NotUtf8`](FromCError::NotUtf8) if the string is not
/// UTF-8.
#[inline]
pub unsafe fn try_go_string<T: Byte>(p: *const T) -> Result<String, FromCError> {
    if p.is_null() {
        return Err(FromCError::Null);
    }
    // SAFETY: `p` is not null, and so the caller promises a string that stays the same while we
    // copy it.
    try_string(unsafe { CStr::from_ptr(p.cast()) }.to_bytes())
}

/// Like [`GoStringN`], but bytes that are not UTF-8, a negative length, and null with a length above
/// 0 are errors.
///
/// ```
/// # use cgo_runtime as cgo;
/// let p = c"Hello".as_ptr();
/// unsafe {
///     assert_eq!(cgo::try_go_string_n(p, 4).unwrap(), "Hell");
///     assert_eq!(cgo::try_go_string_n(p, -1), Err(cgo::FromCError::NegativeLength(-1)));
/// }
/// ```
///
/// # Safety
///
/// As for [`GoStringN`].
///
/// # Errors
///
/// [`NegativeLength`](FromCError::NegativeLength) if `n < 0`, [`Null`](FromCError::Null) if `p` is
/// null and `n > 0`, [`NotUtf8`](FromCError::NotUtf8) if the bytes are not UTF-8.
#[inline]
pub unsafe fn try_go_string_n<T: Byte>(p: *const T, n: c_int) -> Result<String, FromCError> {
    // SAFETY: the caller's promise is the one that `try_bytes` asks for, and the bytes are copied
    // before we return.
    try_string(unsafe { try_bytes(p.cast(), n) }?)
}

/// Like [`GoBytes`], but a negative length, and null with a length above 0, are errors.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use std::ptr;
/// unsafe {
///     assert_eq!(cgo::try_go_bytes(ptr::null::<u8>(), 0).unwrap(), []);
///     assert_eq!(cgo::try_go_bytes(ptr::null::<u8>(), 1), Err(cgo::FromCError::Null));
/// }
/// ```
///
/// # Safety
///
/// As for [`GoBytes`].
///
/// # Errors
///
/// [`NegativeLength`](FromCError::NegativeLength) if `n < 0`, [`Null`](FromCError::Null) if `p` is
/// null and `n > 0`.
#[inline]
pub unsafe fn try_go_bytes<T: Byte>(p: *const T, n: c_int) -> Result<Vec<u8>, FromCError> {
    // SAFETY: the caller's promise is the one that `try_bytes` asks for, and the bytes are copied
    // before we return.
    Ok(unsafe { try_bytes(p.cast(), n) }?.to_vec())
}

/// Why a string or bytes from C could not be copied into a `String` or a `Vec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromCError {
    /// The pointer is null.
    Null,
    /// The length, which is negative.
    NegativeLength(c_int),
    /// The bytes are not UTF-8, from the position in this error on.
    NotUtf8(Utf8Error),
}

impl fmt::Display for FromCError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FromCError::Null => f.write_str("null pointer from C"),
            FromCError::NegativeLength(n) => write!(f, "negative length from C: {n}"),
            FromCError::NotUtf8(_) => f.write_str("string from C is not UTF-8"),
        }
    }
}

impl Error for FromCError {
    #[inline]
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            FromCError::NotUtf8(error) => Some(error),
            FromCError::Null | FromCError::NegativeLength(_) => None,
        }
    }
}

#[inline]
fn string(bytes: &[u8]) -> String {
    // Nearly every string is valid, and then this is much faster than `from_utf8_lossy` alone.
    match utf8(bytes) {
        Ok(s) => s.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[inline]
fn try_string(bytes: &[u8]) -> Result<String, FromCError> {
    match utf8(bytes) {
        Ok(s) => Ok(s.to_owned()),
        Err(error) => Err(FromCError::NotUtf8(error)),
    }
}

/// Like [`str::from_utf8`], but faster over ASCII, with which most long texts begin. This makes up
/// for the time that the search for the NUL takes.
#[inline]
fn utf8(bytes: &[u8]) -> Result<&str, Utf8Error> {
    let ascii: usize = bytes
        .chunks(1024)
        .take_while(|chunk| chunk.is_ascii())
        .map(<[u8]>::len)
        .sum();
    match str::from_utf8(&bytes[ascii..]) {
        // SAFETY: the first `ascii` bytes are ASCII, and what follows them has just been checked.
        Ok(_) => Ok(unsafe { str::from_utf8_unchecked(bytes) }),
        // Validates from the start again, so that the error counts from there.
        Err(_) => str::from_utf8(bytes),
    }
}

/// # Safety
///
/// If `n > 0` and `p` is not null, then `p` points to `n` initialized bytes that nothing writes to
/// during `'a`.
#[inline]
#[track_caller]
unsafe fn bytes<'a>(p: *const u8, n: c_int) -> &'a [u8] {
    // SAFETY: the promise made to us is the one that `try_bytes` asks for.
    unsafe { try_bytes(p, n) }.unwrap_or_else(|error| panic!("{error}"))
}

/// # Safety
///
/// If `n > 0` and `p` is not null, then `p` points to `n` initialized bytes that nothing writes to
/// during `'a`.
#[inline]
unsafe fn try_bytes<'a>(p: *const u8, n: c_int) -> Result<&'a [u8], FromCError> {
    let len = usize::try_from(n).map_err(|_| FromCError::NegativeLength(n))?;
    if p.is_null() && len > 0 {
        return Err(FromCError::Null);
    }
    // SAFETY: there are `len` bytes at `p`, or `len` is 0.
    Ok(unsafe { slice(p, len) })
}
