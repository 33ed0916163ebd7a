//! errno: when it is cleared, when it is read, and which results are failures.

#![cfg(feature = "std")]

use std::ffi::{c_char, c_int, c_long};
use std::io::ErrorKind;
use std::ptr;

use cgo_runtime::{check, with_errno};
use libc::{ENOENT, ERANGE};

unsafe extern "C" {
    fn rename(from: *const c_char, to: *const c_char) -> c_int;
    fn strtol(s: *const c_char, end: *mut *mut c_char, base: c_int) -> c_long;
}

/// Returns `c_long::MAX`, which is no failure to [`check`], and sets errno to `ERANGE`.
fn overflow() -> c_long {
    // SAFETY: the string is a C string, and the end is not asked for.
    unsafe { strtol(c"99999999999999999999999".as_ptr(), ptr::null_mut(), 10) }
}

/// Returns -1 and sets errno to `ENOENT`.
fn rename_nothing() -> c_int {
    // SAFETY: both are C strings.
    unsafe { rename(c"no such file".as_ptr(), c"other".as_ptr()) }
}

#[test]
fn errno_is_reported_with_the_result() {
    let (result, error) = with_errno(rename_nothing);
    assert_eq!(result, -1);
    assert_eq!(error.unwrap().raw_os_error(), Some(ENOENT));
}

#[test]
fn errno_of_a_success_is_reported() {
    let (n, error) = with_errno(overflow);
    assert_eq!(n, c_long::MAX);
    assert_eq!(error.unwrap().raw_os_error(), Some(ERANGE));
}

#[test]
fn errno_of_a_function_that_returns_nothing_is_reported() {
    let ((), error) = with_errno(|| {
        overflow();
    });
    assert_eq!(error.unwrap().raw_os_error(), Some(ERANGE));
}

#[test]
fn errno_is_zeroed_before_the_call() {
    overflow();
    let (n, error) = with_errno(|| 5);
    assert_eq!(n, 5);
    assert!(error.is_none());
}

#[test]
fn each_thread_has_its_own_errno() {
    let (_, error) = with_errno(|| std::thread::spawn(overflow).join().unwrap());
    assert!(error.is_none());
}

#[test]
fn minus_one_is_a_failure() {
    let error = check(rename_nothing).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(ENOENT));
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
#[cfg(unix)] // C itself does not ask `malloc` to set errno
fn null_is_a_failure() {
    unsafe extern "C" {
        fn malloc(size: usize) -> *mut std::ffi::c_void;
    }
    // SAFETY: `malloc` may be called with any size; this one is more than there can be.
    let error = check(|| unsafe { malloc(usize::MAX) }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
}

#[test]
fn pointer_of_minus_one_is_a_failure() {
    assert!(check(|| ptr::without_provenance::<u8>(usize::MAX)).is_err());
    assert!(check(|| ptr::without_provenance_mut::<u8>(usize::MAX)).is_err());
}

#[test]
fn errno_of_a_success_is_not_looked_at() {
    assert_eq!(check(overflow).unwrap(), c_long::MAX);
}

#[test]
fn other_results_are_successes() {
    let value = 1;
    assert_eq!(check(|| 0).unwrap(), 0);
    assert_eq!(check(|| -2i64).unwrap(), -2);
    assert_eq!(check(|| &raw const value).unwrap(), &raw const value);
}

#[test]
fn failure_without_errno_is_an_error_without_number() {
    overflow();
    let error = check(|| -1).unwrap_err();
    assert_eq!(error.raw_os_error(), None);
    assert_eq!(
        error.to_string(),
        "the C function failed and left errno at 0"
    );
}
