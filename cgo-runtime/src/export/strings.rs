//! How text and bytes cross between C and an exported function.

use core::ffi::{CStr, c_char};
use core::str;

use crate::c_type::CType;

/// `&str` as C passes it: `cgo_str` of `_cgo_export.h`, the `_GoString_` of cgo.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Str {
    /// The first byte, of UTF-8 text without a NUL at the end; may be null if `n` is 0.
    pub p: *const c_char,
    /// How many bytes.
    pub n: usize,
}

/// `&[u8]` as C passes it: `cgo_bytes` of `_cgo_export.h`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// The first byte; may be null if `n` is 0.
    pub p: *const u8,
    /// How many bytes.
    pub n: usize,
}

// SAFETY: two members that C has too, in a struct that is laid out as C's.
unsafe impl CType for Str {
    type Passed = Self;
}

// SAFETY: as above.
unsafe impl CType for Bytes {
    type Passed = Self;
}

/// `&CStr` from C, for as long as `call` is borrowed.
///
/// # Safety
///
/// `p` is null or points to a string that ends with a NUL and stays unchanged while `call` is borrowed.
///
/// # Panics
///
/// If `p` is null.
#[must_use]
#[inline]
pub unsafe fn c_str_from_c(p: *const c_char, call: &()) -> &CStr {
    // SAFETY: the caller's promise.
    unsafe { optional_c_str_from_c(p, call) }
        .expect("C passed null for a `&CStr`: take `Option<&CStr>` if null is allowed")
}

/// `Option<&CStr>` from C.
///
/// # Safety
///
/// As for [`c_str_from_c`].
#[must_use]
#[inline]
pub unsafe fn optional_c_str_from_c(p: *const c_char, _call: &()) -> Option<&CStr> {
    // SAFETY: not null, and the caller's promise.
    (!p.is_null()).then(|| unsafe { CStr::from_ptr(p) })
}

/// `&str` from C.
///
/// # Safety
///
/// As for [`bytes_from_c`].
///
/// # Panics
///
/// If the bytes are not UTF-8.
#[must_use]
#[inline]
pub unsafe fn str_from_c(text: Str, call: &()) -> &str {
    let bytes = Bytes {
        p: text.p.cast(),
        n: text.n,
    };
    // SAFETY: the caller's promise.
    str::from_utf8(unsafe { bytes_from_c(bytes, call) }).expect(
        "C passed text that is not UTF-8 for a `&str`: take `&[u8]` if any bytes are allowed",
    )
}

/// `&[u8]` from C.
///
/// # Safety
///
/// `p` points to `n` bytes that stay unchanged while `call` is borrowed, or is null, or `n` is 0.
///
/// # Panics
///
/// If `p` is null and `n` is not 0.
#[must_use]
#[inline]
#[track_caller]
pub unsafe fn bytes_from_c(bytes: Bytes, _call: &()) -> &[u8] {
    // SAFETY: the caller's promise.
    unsafe { crate::slice(bytes.p, bytes.n) }
}

/// `&CStr` to C.
#[must_use]
#[inline]
pub fn c_str_to_c(text: &CStr) -> *const c_char {
    text.as_ptr()
}

/// `Option<&CStr>` to C: null for `None`.
#[must_use]
#[inline]
pub fn optional_c_str_to_c(text: Option<&CStr>) -> *const c_char {
    text.map_or(core::ptr::null(), CStr::as_ptr)
}

/// `&str` to C.
#[must_use]
#[inline]
pub fn str_to_c(text: &str) -> Str {
    Str {
        p: text.as_ptr().cast(),
        n: text.len(),
    }
}

/// `&[u8]` to C.
#[must_use]
#[inline]
pub fn bytes_to_c(bytes: &[u8]) -> Bytes {
    Bytes {
        p: bytes.as_ptr(),
        n: bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_text_cross_both_ways() {
        // SAFETY: the parts of live slices.
        unsafe {
            assert_eq!(bytes_from_c(bytes_to_c(b"ab"), &()), b"ab");
            assert_eq!(str_from_c(str_to_c("é"), &()), "é");
            assert_eq!(c_str_from_c(c_str_to_c(c"x"), &()), c"x");
            assert_eq!(optional_c_str_from_c(optional_c_str_to_c(None), &()), None);
            let nothing = Bytes {
                p: core::ptr::null(),
                n: 0,
            };
            assert_eq!(bytes_from_c(nothing, &()), b"");
        }
    }
}
