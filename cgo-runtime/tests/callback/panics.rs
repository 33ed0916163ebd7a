//! Panics of closures: where they go, and what C sees of them.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::atomic::Ordering;

use cgo_runtime::callback;

use super::{Counted, panic_of, visit};

#[test]
fn a_panic_resumes_after_c_has_returned() {
    let (counted, drops) = Counted::new();
    let mut calls = 0;
    let mut returned = None;
    let message = panic_of(|| {
        callback(|number: c_int| {
            calls += 1;
            let _local = counted.clone();
            assert!(number < 3, "three");
            0
        })
        .on_panic(7)
        .data_last(|function, data| returned = Some(unsafe { visit(5, Some(function), data) }))
    });
    assert_eq!(message, "three");
    assert_eq!((calls, returned), (4, Some(7)));
    assert_eq!(drops.load(Ordering::Relaxed), 4);
}

#[test]
fn the_payload_is_the_same() {
    #[derive(Debug, PartialEq)]
    struct Payload(Box<u32>);
    let result = catch_unwind(|| {
        callback(|| -> () { std::panic::panic_any(Payload(Box::new(5))) })
            .data_last(|function, data: *mut c_void| unsafe { function(data) })
    });
    let payload = result.expect_err("the panic goes on").downcast::<Payload>();
    assert_eq!(*payload.expect("the payload"), Payload(Box::new(5)));
}

#[test]
fn after_a_panic_the_closure_is_not_called_again() {
    let mut calls = 0;
    let mut results = Vec::new();
    let message = panic_of(|| {
        callback(|number: c_int| -> c_int {
            calls += 1;
            panic!("call {number}")
        })
        .on_panic(-4)
        .data_first(|function, data: *mut c_void| {
            for number in 0..3 {
                results.push(unsafe { function(data, number) });
            }
        })
    });
    assert_eq!(message, "call 0");
    assert_eq!((calls, results), (1, vec![-4, -4, -4]));
}

#[test]
fn the_default_after_a_panic_is_zero() {
    fn after_panic<R: cgo_runtime::CType + Copy + Default>(_: R) -> R {
        let mut result = None;
        panic_of(|| {
            callback(|| -> R { panic!("on purpose") })
                .data_last(|f, data: *mut c_void| result = Some(unsafe { f(data) }))
        });
        result.expect("the function has returned")
    }
    assert_eq!(after_panic(1_i64), 0);
    assert!(!after_panic(true));
    assert_eq!(after_panic(1.5), 0.0);
    assert_eq!(
        after_panic::<*mut c_int>(null_mut::<c_int>().wrapping_add(1)),
        null_mut()
    );
    assert_eq!(after_panic(Some(&1)), None);
    after_panic(());
}

#[test]
fn what_the_call_returned_is_dropped_when_the_panic_resumes() {
    let (counted, drops) = Counted::new();
    let (captured, captured_drops) = Counted::new();
    let message = panic_of(|| {
        callback(move || {
            captured.touch();
            panic!("on purpose")
        })
        .data_last(|function, data: *mut c_void| {
            unsafe { function(data) }
            counted
        })
    });
    assert_eq!(message, "on purpose");
    assert_eq!(drops.load(Ordering::Relaxed), 1);
    assert_eq!(captured_drops.load(Ordering::Relaxed), 1);
}

#[test]
fn a_panic_outside_of_the_closure_unwinds_as_usual() {
    let (captured, drops) = Counted::new();
    let message = panic_of(|| {
        callback(move || captured.touch()).data_last(|_, _: *mut c_void| panic!("outside"))
    });
    assert_eq!(message, "outside");
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn panics_nest() {
    let inner = Cell::new(None);
    let message = panic_of(|| {
        callback(|number: c_int| -> c_int {
            let result = catch_unwind(AssertUnwindSafe(|| {
                callback(|| -> c_int { panic!("inner {number}") })
                    .data_last(|f, data: *mut c_void| unsafe { f(data) })
            }));
            inner.set(Some(result.is_err()));
            panic!("outer {number}")
        })
        .data_last(|f, data: *mut c_void| unsafe { f(1, data) })
    });
    assert_eq!(message, "outer 1");
    assert_eq!(inner.get(), Some(true));
}
