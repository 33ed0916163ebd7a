//! C arrays as slices: the same memory, and null with a length.

use std::ptr;

use cgo_runtime::{slice, slice_mut};

#[test]
fn slice_is_the_same_memory() {
    let array = [1, 2, 3];
    // SAFETY: 2 elements of 3.
    let s = unsafe { slice(array.as_ptr(), 2) };
    assert_eq!(s, [1, 2]);
    assert_eq!(s.as_ptr(), array.as_ptr());
}

#[test]
fn slice_mut_writes_through() {
    let mut array = [1, 2, 3];
    // SAFETY: 3 elements of 3, which nothing else uses meanwhile.
    let s = unsafe { slice_mut(array.as_mut_ptr(), 3) };
    s[1] = 7;
    assert_eq!(array, [1, 7, 3]);
}

#[test]
fn null_with_no_elements_is_empty() {
    // SAFETY: without elements any pointer will do.
    unsafe {
        assert_eq!(slice(ptr::null::<u64>(), 0), []);
        assert_eq!(slice_mut(ptr::null_mut::<u64>(), 0), []);
    }
}

#[test]
fn misaligned_pointer_with_no_elements_is_empty() {
    // SAFETY: without elements any pointer will do.
    assert_eq!(unsafe { slice(ptr::without_provenance::<u64>(3), 0) }, []);
}

#[test]
#[should_panic(expected = "a C array of 5 elements cannot be at a null pointer")]
fn null_with_elements_panics() {
    // SAFETY: null is never read.
    let _ = unsafe { slice(ptr::null::<u8>(), 5) };
}

#[test]
#[should_panic(expected = "a C array of 5 elements cannot be at a null pointer")]
fn null_with_elements_to_write_panics() {
    // SAFETY: null is never written to.
    let _ = unsafe { slice_mut(ptr::null_mut::<u8>(), 5) };
}
