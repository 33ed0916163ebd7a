//! Calls during a call.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

use cgo_runtime::callback;

use super::{panic_of, visit};

#[test]
fn a_call_during_a_call_is_a_panic() {
    let again = Cell::new(
        None::<(
            unsafe extern "C" fn(c_int, *mut c_void) -> c_int,
            *mut c_void,
        )>,
    );
    let inside = Cell::new(None);
    let mut calls = 0;
    let mut outside = None;
    let message = panic_of(|| {
        callback(|number: c_int| {
            calls += 1;
            let (function, data) = again.get().expect("set below");
            inside.set(Some(unsafe { function(number + 1, data) }));
            0
        })
        .on_panic(9)
        .data_last(|function, data| {
            again.set(Some((function, data)));
            outside = Some(unsafe { visit(3, Some(function), data) });
        })
    });
    assert!(
        message.contains("a_call_during_a_call_is_a_panic"),
        "{message}"
    );
    assert!(
        message.ends_with("was called while it runs, without `reentrant` or `sync`"),
        "{message}"
    );
    // Neither the inner call nor the outer one tells C a result of the closure.
    assert_eq!((inside.get(), outside, calls), (Some(9), Some(9), 1));
}

#[test]
fn a_closure_that_is_fn_may_be_called_during_a_call() {
    let again = Cell::new(
        None::<(
            unsafe extern "C" fn(c_int, *mut c_void) -> c_int,
            *mut c_void,
        )>,
    );
    let factorial = |number: c_int| match number {
        0 => 1,
        _ => {
            let (function, data) = again.get().expect("set below");
            number * unsafe { function(number - 1, data) }
        }
    };
    let result = callback(factorial).reentrant().data_last(|function, data| {
        again.set(Some((function, data)));
        unsafe { function(10, data) }
    });
    assert_eq!(result, 3_628_800);
}
