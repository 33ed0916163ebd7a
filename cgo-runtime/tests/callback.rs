//! Closures that C calls: each way to hand one over, and all that C and the closure may do wrong.

#![cfg(feature = "std")]

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cgo_runtime::callback;

unsafe extern "C" {
    fn qsort(
        base: *mut c_void,
        count: usize,
        size: usize,
        compare: Option<unsafe extern "C" fn(*const c_void, *const c_void) -> c_int>,
    );
}

/// A C function that calls back for each number below `count`, until it is told another number than 0.
unsafe extern "C" fn visit(
    count: c_int,
    function: Option<unsafe extern "C" fn(c_int, *mut c_void) -> c_int>,
    data: *mut c_void,
) -> c_int {
    for number in 0..count {
        // SAFETY: as this function's caller promises.
        let result = unsafe { function.unwrap()(number, data) };
        if result != 0 {
            return result;
        }
    }
    0
}

#[test]
fn a_scoped_closure_changes_what_it_borrows() {
    let mut total = 0;
    let result = callback(|number: c_int| {
        total += number;
        0
    })
    // SAFETY: the function is called with its data, during this call.
    .data_last(|function, data| unsafe { visit(5, Some(function), data) });
    assert_eq!((total, result), (10, 0));
}

#[test]
fn a_panic_goes_on_when_c_has_returned() {
    let mut calls = 0;
    let mut returned = None;
    let panic = catch_unwind(AssertUnwindSafe(|| {
        callback(|number: c_int| {
            calls += 1;
            assert!(number < 3, "three");
            0
        })
        .on_panic(7)
        // SAFETY: the function is called with its data, during this call.
        .data_last(|function, data| returned = Some(unsafe { visit(5, Some(function), data) }))
    }));
    assert_eq!(*panic.unwrap_err().downcast::<&str>().unwrap(), "three");
    assert_eq!((calls, returned), (4, Some(7)));
}

#[test]
fn qsort_takes_a_closure() {
    let mut numbers = [3, 1, 2];
    let mut comparisons = 0;
    let compare = |a: *const c_void, b: *const c_void| {
        comparisons += 1;
        // SAFETY: `qsort` passes pointers to elements.
        unsafe { *a.cast::<c_int>() - *b.cast::<c_int>() }
    };
    callback(compare)
        // SAFETY: base, number and size are those of `numbers`.
        .bare(|function| unsafe {
            qsort(
                numbers.as_mut_ptr().cast(),
                3,
                size_of::<c_int>(),
                Some(function),
            );
        })
        .unwrap();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(comparisons > 0);
}

#[test]
fn an_owned_closure_lives_until_its_guard_is_dropped() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let owned = callback(move |number: c_int| {
        sender.send(number).unwrap();
        0
    })
    .sync()
    .owned_data_last();
    // SAFETY: the function is called with its data, before `owned` is dropped.
    unsafe { visit(3, Some(owned.function()), owned.data()) };
    drop(owned);
    assert_eq!(receiver.iter().collect::<Vec<_>>(), [0, 1, 2]);
}
