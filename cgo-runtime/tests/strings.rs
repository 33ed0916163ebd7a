//! Strings and bytes: what is copied, how null and lengths are taken, and who frees.

use std::error::Error;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use cgo_runtime::{
    CBytes, CString, FromCError, GoBytes, GoString, GoStringN, MallocBytes, MallocStr,
    try_go_bytes, try_go_string, try_go_string_n,
};

unsafe extern "C" {
    fn free(p: *mut c_void);
}

/// The `n` bytes at `p`, which is freed.
fn take(p: *mut c_void, n: usize) -> Vec<u8> {
    assert!(!p.is_null());
    // SAFETY: each caller passes a pointer to `n` bytes fresh from `malloc`.
    unsafe {
        let bytes = std::slice::from_raw_parts(p.cast(), n).to_vec();
        free(p);
        bytes
    }
}

#[test]
fn c_string_ends_with_nul() {
    assert_eq!(take(CString("abc").cast(), 4), b"abc\0");
    assert_eq!(take(CString("").cast(), 1), b"\0");
}

#[test]
fn c_string_keeps_interior_nuls() {
    assert_eq!(take(CString("a\0b").cast(), 4), b"a\0b\0");
}

#[test]
fn c_string_takes_strings_and_bytes() {
    for p in [
        CString("s"),
        CString(String::from("s")),
        CString(b"s"),
        CString(vec![b's']),
    ] {
        assert_eq!(take(p.cast(), 2), b"s\0");
    }
}

#[test]
fn c_bytes_adds_nothing() {
    assert_eq!(take(CBytes([1, 0, 2]), 3), [1, 0, 2]);
}

#[test]
fn empty_c_bytes_is_not_null() {
    assert_eq!(take(CBytes([]), 0), []);
    assert_eq!(take(MallocBytes::new([]).into_raw(), 0), []);
}

#[test]
fn go_string_of_null_is_empty() {
    // SAFETY: null is allowed.
    assert_eq!(unsafe { GoString(ptr::null::<c_char>()) }, "");
}

#[test]
fn go_string_ends_at_the_first_nul() {
    let bytes = *b"ab\0c\0";
    // SAFETY: the bytes have a NUL.
    assert_eq!(unsafe { GoString(bytes.as_ptr()) }, "ab");
}

#[test]
fn go_string_replaces_what_is_not_utf8() {
    // SAFETY: the literals are C strings.
    unsafe {
        assert_eq!(GoString(c"a\xffb".as_ptr()), "a\u{fffd}b");
        assert_eq!(GoString(c"gr\xc3\xbcn".as_ptr()), "grün");
        assert_eq!(GoString(c"cut \xe2\x82".as_ptr()), "cut \u{fffd}");
    }
}

#[test]
fn text_and_bytes_are_behind_pointers_of_each_type() {
    let mut bytes = *b"a\xc3\xbc\0";
    let text: *mut u8 = bytes.as_mut_ptr();
    // SAFETY: the bytes have a NUL.
    unsafe {
        for read in [
            GoString(text),
            GoString(text.cast_const()),
            GoString(text.cast::<i8>()),
            GoString(text.cast::<c_void>()),
            GoStringN(text, 3),
            GoStringN(text.cast_const().cast::<i8>(), 3),
            GoStringN(text.cast::<c_void>(), 3),
        ] {
            assert_eq!(read, "aü");
        }
        assert_eq!(GoBytes(text, 4), bytes);
        assert_eq!(GoBytes(text.cast::<i8>(), 4), bytes);
        assert_eq!(GoBytes(text.cast::<c_void>(), 4), bytes);
        assert_eq!(try_go_string(text).as_deref(), Ok("aü"));
        assert_eq!(try_go_bytes(text.cast::<i8>(), 1).as_deref(), Ok(&b"a"[..]));
    }
}

#[test]
fn a_shared_string_of_malloc_is_a_char_pointer() {
    let text = MallocStr::new("abc");
    // SAFETY: within the string, of which there is no reference.
    unsafe { *text.as_ptr() = b'x' as c_char };
    assert_eq!(text.to_str(), Ok("xbc"));
    let bytes = MallocBytes::new([1, 2]);
    // SAFETY: as above.
    unsafe { *bytes.as_ptr().cast::<u8>() = 7 };
    assert_eq!(*bytes, [7, 2]);
}

#[test]
fn go_string_n_takes_nuls_and_needs_none() {
    let bytes = *b"a\0bc";
    // SAFETY: 3 bytes of 4.
    assert_eq!(unsafe { GoStringN(bytes.as_ptr(), 3) }, "a\0b");
}

#[test]
fn go_string_n_replaces_what_is_not_utf8() {
    // SAFETY: the literal has 2 bytes and a NUL.
    assert_eq!(unsafe { GoStringN(c"a\xff".as_ptr(), 2) }, "a\u{fffd}");
}

#[test]
fn zero_bytes_at_null_are_empty() {
    // SAFETY: null is allowed with 0.
    unsafe {
        assert_eq!(GoStringN(ptr::null::<c_char>(), 0), "");
        assert_eq!(GoBytes(ptr::null::<c_char>(), 0), []);
        assert_eq!(try_go_string_n(ptr::null::<c_char>(), 0), Ok(String::new()));
        assert_eq!(try_go_bytes(ptr::null::<c_char>(), 0), Ok(Vec::new()));
        assert_eq!(*MallocBytes::from_raw(ptr::null_mut(), 0), []);
    }
}

#[test]
#[should_panic(expected = "negative length from C: -1")]
fn negative_go_bytes_panics() {
    // SAFETY: a negative length reads nothing.
    let _ = unsafe { GoBytes(c"a".as_ptr(), -1) };
}

#[test]
#[should_panic(expected = "negative length from C: -2")]
fn negative_go_string_n_panics() {
    // SAFETY: a negative length reads nothing.
    let _ = unsafe { GoStringN(c"a".as_ptr(), -2) };
}

#[test]
#[should_panic(expected = "null pointer from C")]
fn go_bytes_of_null_panics() {
    // SAFETY: null is never read.
    let _ = unsafe { GoBytes(ptr::null::<c_char>(), 1) };
}

#[test]
fn checked_forms_return_what_is_wrong() {
    let text = c"a\xff".as_ptr();
    // SAFETY: the literal has 2 bytes and a NUL; null and negative lengths are never read.
    unsafe {
        assert_eq!(try_go_string(ptr::null::<c_char>()), Err(FromCError::Null));
        assert_eq!(
            try_go_string_n(ptr::null::<c_char>(), 1),
            Err(FromCError::Null)
        );
        assert_eq!(
            try_go_bytes(ptr::null::<c_char>(), 1),
            Err(FromCError::Null)
        );
        assert_eq!(
            try_go_string_n(text, -1),
            Err(FromCError::NegativeLength(-1))
        );
        assert_eq!(try_go_bytes(text, -1), Err(FromCError::NegativeLength(-1)));
        assert!(matches!(try_go_string(text), Err(FromCError::NotUtf8(e)) if e.valid_up_to() == 1));
        assert!(
            matches!(try_go_string_n(text, 2), Err(FromCError::NotUtf8(e)) if e.valid_up_to() == 1)
        );
    }
}

#[test]
fn checked_forms_return_what_is_right() {
    let text = c"abc".as_ptr();
    // SAFETY: the literal has 3 bytes and a NUL.
    unsafe {
        assert_eq!(try_go_string(text).as_deref(), Ok("abc"));
        assert_eq!(try_go_string_n(text, 2).as_deref(), Ok("ab"));
        assert_eq!(try_go_bytes(text, 4).as_deref(), Ok(&b"abc\0"[..]));
    }
}

#[test]
fn long_texts_are_checked_to_the_end() {
    for len in [0, 1, 1023, 1024, 1025, 5000] {
        let ascii = "x".repeat(len);
        let valid = MallocStr::new(format!("{ascii}é{ascii}"));
        let invalid = MallocStr::new([ascii.as_bytes(), b"\xff", ascii.as_bytes()].concat());
        // SAFETY: both are C strings.
        unsafe {
            assert_eq!(GoString(valid.as_ptr()).as_bytes(), valid.to_bytes());
            assert_eq!(
                GoString(invalid.as_ptr()),
                format!("{ascii}\u{fffd}{ascii}")
            );
            let error = try_go_string(invalid.as_ptr());
            assert!(matches!(error, Err(FromCError::NotUtf8(e)) if e.valid_up_to() == len));
        }
    }
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(FromCError::Null.to_string(), "null pointer from C");
    assert_eq!(
        FromCError::NegativeLength(-7).to_string(),
        "negative length from C: -7"
    );
    // SAFETY: the literal is a C string.
    let not_utf8 = unsafe { try_go_string(c"\xff".as_ptr()) }.unwrap_err();
    assert_eq!(not_utf8.to_string(), "string from C is not UTF-8");
    assert!(not_utf8.source().is_some());
}

#[test]
fn malloc_str_derefs_to_the_first_nul() {
    let s = MallocStr::new("ab\0c");
    assert_eq!(&*s, c"ab");
    assert_eq!(format!("{s:?}"), r#""ab""#);
    // SAFETY: the copy has 4 bytes and a NUL.
    let all = unsafe { std::slice::from_raw_parts(s.as_ptr().cast::<u8>(), 5) };
    assert_eq!(all, b"ab\0c\0");
}

#[test]
fn malloc_str_can_be_written_to() {
    let mut s = MallocStr::new("abc");
    // SAFETY: the string has 3 bytes before its NUL.
    unsafe { s.as_mut_ptr().write(b'x' as c_char) };
    assert_eq!(&*s, c"xbc");
}

#[test]
fn malloc_str_into_raw_gives_up_the_memory() {
    let p = MallocStr::new("abc").into_raw();
    // SAFETY: `into_raw` left us a C string from `malloc`.
    assert_eq!(unsafe { CStr::from_ptr(p) }, c"abc");
    // SAFETY: as above, and nobody has freed it.
    unsafe { free(p.cast()) };
}

#[test]
fn malloc_str_from_raw_takes_the_memory_over() {
    let p = CString("abc");
    // SAFETY: `CString` returns a C string from `malloc` that nobody else frees.
    let s = unsafe { MallocStr::from_raw(p) };
    assert_eq!(s.as_ptr(), p);
    assert_eq!(&*s, c"abc");
}

#[test]
#[should_panic(expected = "null")]
fn malloc_str_from_null_panics() {
    // SAFETY: null is allowed.
    let _ = unsafe { MallocStr::from_raw(ptr::null_mut()) };
}

#[test]
fn malloc_bytes_derefs_to_its_bytes() {
    let mut bytes = MallocBytes::new([1, 0, 2]);
    bytes[1] = 9;
    assert_eq!(*bytes, [1, 9, 2]);
    assert_eq!(format!("{bytes:?}"), "[1, 9, 2]");
    // SAFETY: the first of 3 bytes.
    unsafe { bytes.as_mut_ptr().cast::<u8>().write(7) };
    assert_eq!(*bytes, [7, 9, 2]);
}

#[test]
fn malloc_bytes_passes_through_raw() {
    let p = MallocBytes::new([1, 2]).into_raw();
    // SAFETY: `into_raw` left us 2 bytes from `malloc`.
    let bytes = unsafe { MallocBytes::from_raw(p, 2) };
    assert_eq!(bytes.as_ptr(), p);
    assert_eq!(*bytes, [1, 2]);
}

#[test]
#[should_panic(expected = "2 bytes from C cannot be at a null pointer")]
fn malloc_bytes_from_null_panics() {
    // SAFETY: null is never read.
    let _ = unsafe { MallocBytes::from_raw(ptr::null_mut(), 2) };
}

#[test]
fn owned_forms_cross_threads() {
    let (s, bytes) = (MallocStr::new("abc"), MallocBytes::new([1]));
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(&*s, c"abc"));
        scope.spawn(|| assert_eq!(*bytes, [1]));
    });
    std::thread::spawn(move || drop((s, bytes))).join().unwrap();
}
