//! Closures that other threads call.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use cgo_runtime::callback;

use super::{Data, elsewhere, panic_of, slots};

#[test]
fn another_thread_is_rejected_without_send_or_sync() {
    let local = Rc::new(Cell::new(0));
    let closure = || {
        local.set(local.get() + 1);
        5
    };
    let mut result = None;
    let message = panic_of(|| {
        callback(closure)
            .on_panic(-1)
            .data_last(|f, data| result = Some(elsewhere(f, data)))
    });
    assert!(
        message.ends_with("was called on another thread without `send` or `sync`"),
        "{message}"
    );
    assert_eq!((local.get(), result), (0, Some(-1)));

    let message = panic_of(|| callback(closure).reentrant().data_last(elsewhere));
    assert!(
        message.ends_with("was called on another thread without `send` or `sync`"),
        "{message}"
    );
    assert_eq!(local.get(), 0);
}

#[test]
fn threads_may_call_one_after_the_other_with_send() {
    let mut numbers = vec![];
    callback(|| numbers.push(thread::current().id()))
        .send()
        .data_last(|f, data| {
            elsewhere(f, data);
            unsafe { f(data) };
            elsewhere(f, data);
        });
    assert_eq!(numbers.len(), 3);
    assert_eq!(numbers[1], thread::current().id());
    assert!(numbers[0] != numbers[1] && numbers[1] != numbers[2] && numbers[0] != numbers[2]);
}

#[test]
fn two_threads_at_once_are_rejected_with_send() {
    static AGAIN: Mutex<Option<(unsafe extern "C" fn(*mut c_void), Data)>> = Mutex::new(None);
    let mut calls = 0;
    let message = panic_of(|| {
        callback(|| {
            calls += 1;
            let (function, data) = AGAIN.lock().expect("not poisoned").expect("set below");
            elsewhere(function, data.get());
        })
        .send()
        .data_last(|function, data| {
            *AGAIN.lock().expect("not poisoned") = Some((function, Data(data)));
            unsafe { function(data) }
        })
    });
    assert!(
        message.ends_with("was called while it runs, without `reentrant` or `sync`"),
        "{message}"
    );
    assert_eq!(calls, 1);
}

#[test]
fn threads_call_at_once_with_sync() {
    // Nobody goes on before all four are in.
    let barrier = Barrier::new(4);
    let calls = AtomicUsize::new(0);
    callback(|| {
        barrier.wait();
        calls.fetch_add(1, Ordering::Relaxed);
    })
    .sync()
    .data_last(|function, data| {
        let data = Data(data);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(move || unsafe { function(data.get()) });
            }
        });
    });
    assert_eq!(calls.into_inner(), 4);
}

#[test]
fn a_panic_on_another_thread_resumes_here() {
    let calls = AtomicUsize::new(0);
    let mut results = Vec::new();
    let message = panic_of(|| {
        callback(|| -> c_int {
            calls.fetch_add(1, Ordering::Relaxed);
            panic!("elsewhere")
        })
        .sync()
        .on_panic(3)
        .data_last(|f, data| {
            results = vec![elsewhere(f, data), elsewhere(f, data), unsafe { f(data) }]
        })
    });
    assert_eq!(message, "elsewhere");
    assert_eq!((calls.into_inner(), results), (1, vec![3, 3, 3]));
}

#[test]
fn a_bare_function_pointer_can_be_called_on_any_thread() {
    let _slots = slots();
    let mut sum = 0;
    callback(|number: c_int| sum += number)
        .send()
        .bare(|function| {
            thread::scope(|scope| drop(scope.spawn(move || unsafe { function(4) }).join()))
        })
        .expect("a slot");
    assert_eq!(sum, 4);
    let message = panic_of(|| {
        callback(|number: c_int| sum += number).bare(|function| {
            thread::scope(|scope| drop(scope.spawn(move || unsafe { function(4) }).join()))
        })
    });
    assert!(
        message.ends_with("was called on another thread without `send` or `sync`"),
        "{message}"
    );
    assert_eq!(sum, 4);
}
