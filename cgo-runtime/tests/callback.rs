//! Closures that C calls: each way to hand one over, and all that C and the closure may do wrong.

#![cfg(feature = "std")]
// A callback is called as C would, dozens of times here, always with its own data and before its end.
#![allow(clippy::undocumented_unsafe_blocks)]

use std::cell::Cell;
use std::env;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output};
use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use cgo_runtime::{OwnedCallback, TooManyCallbacks, callback};

unsafe extern "C" {
    fn qsort(
        base: *mut c_void,
        count: usize,
        size: usize,
        compare: Option<unsafe extern "C" fn(*const c_void, *const c_void) -> c_int>,
    );
    fn bsearch(
        key: *const c_void,
        base: *const c_void,
        count: usize,
        size: usize,
        compare: Option<unsafe extern "C" fn(*const c_void, *const c_void) -> c_int>,
    ) -> *mut c_void;
}

/// A C function that calls back for each number below `count`, until it is told another number than 0.
unsafe fn visit(
    count: c_int,
    function: Option<unsafe extern "C" fn(c_int, *mut c_void) -> c_int>,
    data: *mut c_void,
) -> c_int {
    let function = function.expect("not null");
    for number in 0..count {
        let result = unsafe { function(number, data) };
        if result != 0 {
            return result;
        }
    }
    0
}

/// User data that another thread may have, as far as C knows.
#[derive(Clone, Copy)]
struct Data(*mut c_void);
unsafe impl Send for Data {}

impl Data {
    fn get(self) -> *mut c_void {
        self.0
    }
}

/// Calls `function` on a new thread, as a C library with threads of its own would.
fn elsewhere<R: Send>(function: unsafe extern "C" fn(*mut c_void) -> R, data: *mut c_void) -> R {
    let data = Data(data);
    thread::scope(|scope| {
        let call = scope.spawn(move || unsafe { function(data.get()) });
        call.join().expect("nothing unwinds through C")
    })
}

/// Counts how often it is dropped.
#[derive(Clone)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new() -> (Counted, Arc<AtomicUsize>) {
        let drops = Arc::new(AtomicUsize::new(0));
        (Counted(drops.clone()), drops)
    }

    fn touch(&self) -> c_int {
        self.0.load(Ordering::Relaxed) as c_int
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The tests that use slots run one after the other, since one of them takes all.
fn slots() -> MutexGuard<'static, ()> {
    static SLOTS: Mutex<()> = Mutex::new(());
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The message of the panic that `call` ends in.
fn panic_of<T>(call: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(call)) else {
        panic!("no panic");
    };
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast::<&str>().expect("a message").to_string(),
    }
}

/// Runs `body` in a process of its own, which is this test again, and gives what it printed. It must be killed.
fn ends_process(test: &str, body: impl FnOnce()) -> String {
    if env::var_os("CALLBACK_TEST").is_some_and(|name| name == test) {
        body();
        std::process::exit(0);
    }
    let Output { status, stderr, .. } = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("CALLBACK_TEST", test)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("this test runs again");
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    assert!(
        !status.success() && status.code() != Some(101),
        "{status}: {stderr}"
    );
    stderr
}

// What reaches the closure and what comes back.

macro_rules! arities {
    ($($test:ident: $($name:ident = $value:literal),*;)*) => {$(
        #[test]
        fn $test() {
            let _slots = slots();
            let closure = |$($name: i64),*| -> Vec<i64> { vec![$($name),*] };
            let expected: i64 = [$($value),*].iter().sum::<i64>() + 1;
            let number = || move |$($name: i64),*| closure($($name),*).iter().sum::<i64>() + 1;

            let result = callback(number()).data_last(|f, data: *mut c_void| unsafe { f($($value,)* data) });
            assert_eq!(result, expected);
            let result = callback(number()).data_first(|f, data: *mut c_void| unsafe { f(data, $($value),*) });
            assert_eq!(result, expected);
            let result = callback(number()).bare(|f| unsafe { f($($value),*) });
            assert_eq!(result, Ok(expected));

            let owned = callback(number()).owned_data_last::<*mut c_void>();
            let f = owned.function();
            assert_eq!(unsafe { f($($value,)* owned.data()) }, expected);
            let owned = callback(number()).owned_data_first::<*mut c_void>();
            let f = owned.function();
            assert_eq!(unsafe { f(owned.data(), $($value),*) }, expected);
            let owned = callback(number()).owned_bare().expect("a slot");
            let f = owned.function();
            assert_eq!(unsafe { f($($value),*) }, expected);
        }
    )*};
}

arities! {
    no_parameter:;
    one_parameter: a = 1;
    two_parameters: a = 1, b = 20;
    three_parameters: a = 1, b = 20, c = 300;
    four_parameters: a = 1, b = 20, c = 300, d = 4000;
    five_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000;
    six_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000;
    seven_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000, g = 7000000;
    eight_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000, g = 7000000, h = 80000000;
}

#[test]
fn a_scoped_closure_changes_what_it_borrows() {
    let mut total = 0;
    let result = callback(|number: c_int| {
        total += number;
        0
    })
    .data_last(|function, data| unsafe { visit(5, Some(function), data) });
    assert_eq!((total, result), (10, 0));
}

#[test]
fn any_callable_will_do() {
    fn sum_of(count: c_int, visitor: impl FnMut(c_int) -> c_int) -> c_int {
        callback(visitor).data_last(|function, data| unsafe { visit(count, Some(function), data) })
    }
    fn stop(number: c_int) -> c_int {
        number - 3
    }
    assert_eq!(sum_of(5, stop), -3);
    let boxed: Box<dyn FnMut(c_int) -> c_int> = Box::new(|number| number * 2);
    assert_eq!(sum_of(5, boxed), 2);
    assert_eq!(sum_of(5, |number| number * 3), 3);
}

#[test]
fn user_data_is_found_by_the_arguments() {
    struct Context {
        data: *mut c_void,
    }
    let mut total = 0;
    let add = |_: *mut Context, number: c_int| total += number;
    callback(add).data_by(
        |context: *mut Context, _| unsafe { (*context).data },
        |function, data| unsafe {
            function(&mut Context { data }, 3);
            function(&mut Context { data }, 4);
        },
    );
    assert_eq!(total, 7);
}

// No user data.

unsafe fn sort(
    numbers: &mut [c_int],
    function: unsafe extern "C" fn(*const c_void, *const c_void) -> c_int,
) {
    unsafe {
        qsort(
            numbers.as_mut_ptr().cast(),
            numbers.len(),
            size_of::<c_int>(),
            Some(function),
        )
    }
}

unsafe fn pair(a: *const c_void, b: *const c_void) -> (c_int, c_int) {
    unsafe { (*a.cast(), *b.cast()) }
}

#[test]
fn qsort_and_bsearch_take_closures() {
    let _slots = slots();
    let mut numbers = [3, 1, 2];
    let mut comparisons = 0;
    callback(|a: *const c_void, b: *const c_void| {
        comparisons += 1;
        let (a, b) = unsafe { pair(a, b) };
        b - a
    })
    .bare(|function| unsafe { sort(&mut numbers, function) })
    .expect("a slot");
    assert_eq!(numbers, [3, 2, 1]);
    assert!(comparisons >= 2);

    let key: c_int = 2;
    let found = callback(|a: *const c_void, b: *const c_void| {
        let (a, b) = unsafe { pair(a, b) };
        b - a
    })
    .bare(|function| unsafe {
        bsearch(
            (&raw const key).cast(),
            numbers.as_ptr().cast(),
            3,
            size_of::<c_int>(),
            Some(function),
        )
    });
    assert_eq!(found.expect("a slot"), (&raw mut numbers[1]).cast());
}

#[test]
fn a_comparator_may_sort_with_another() {
    let _slots = slots();
    let mut rows = [[3, 1, 2], [1, 2, 0], [9, 0, 1]];
    let mut inner_comparisons = 0;
    callback(|a: *const c_void, b: *const c_void| {
        let mut smallest = |row: *const c_void| {
            let mut row: [c_int; 3] = unsafe { *row.cast() };
            callback(|a: *const c_void, b: *const c_void| {
                inner_comparisons += 1;
                let (a, b) = unsafe { pair(a, b) };
                a - b
            })
            .bare(|function| unsafe { sort(&mut row, function) })
            .expect("a slot");
            row
        };
        smallest(a).cmp(&smallest(b)) as c_int
    })
    .bare(|function| unsafe {
        qsort(
            rows.as_mut_ptr().cast(),
            3,
            size_of::<[c_int; 3]>(),
            Some(function),
        )
    })
    .expect("a slot");
    assert_eq!(rows, [[1, 2, 0], [9, 0, 1], [3, 1, 2]]);
    assert!(inner_comparisons > 0);
}

#[test]
fn threads_sort_at_the_same_time() {
    let _slots = slots();
    thread::scope(|scope| {
        for sign in [1, -1, 1, -1, 1, -1] {
            scope.spawn(move || {
                for _ in 0..200 {
                    let mut numbers = [5, 3, 4, 1, 2];
                    callback(|a: *const c_void, b: *const c_void| {
                        let (a, b) = unsafe { pair(a, b) };
                        sign * (a - b)
                    })
                    .bare(|function| unsafe { sort(&mut numbers, function) })
                    .expect("a slot");
                    assert!(
                        numbers.is_sorted_by(|a, b| sign * (a - b) < 0),
                        "{numbers:?}"
                    );
                }
            });
        }
    });
}

/// The machine code of a callback is part of the program: none is written when it runs.
#[cfg(target_os = "linux")]
#[test]
fn no_executable_memory_is_made() {
    let executable = || {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux has it");
        let executable = maps
            .lines()
            .filter(|map| map.split(' ').nth(1).is_some_and(|mode| mode.contains('x')));
        executable.map(str::to_string).collect::<Vec<_>>()
    };
    let _slots = slots();
    let before = executable();
    let owned: Vec<_> = (0..20)
        .map(|number: c_int| callback(move || number).owned_bare().expect("a slot"))
        .collect();
    let functions: Vec<_> = owned.iter().map(|owned| owned.function()).collect();
    assert_eq!(executable(), before);
    let place = |function: unsafe extern "C" fn() -> c_int| function as usize;
    let inside = |map: &String, place| {
        let (start, end) = map.split(' ').next().unwrap().split_once('-').unwrap();
        let number = |hex| usize::from_str_radix(hex, 16).unwrap();
        (number(start)..number(end)).contains(&place)
    };
    for (number, function) in functions.into_iter().enumerate() {
        assert!(before.iter().any(|map| inside(map, place(function))));
        assert_eq!(unsafe { function() }, number as c_int);
    }
}

#[test]
fn slots_run_out_and_become_free_again() {
    let _slots = slots();
    let (counted, drops) = Counted::new();
    let mut owned = Vec::new();
    for number in 0.. {
        let counted = counted.clone();
        match callback(move || counted.touch() + number).owned_bare() {
            Ok(callback) => owned.push(callback),
            Err(TooManyCallbacks { .. }) => break,
        }
    }
    assert_eq!(owned.len(), 64);
    assert_eq!(
        drops.load(Ordering::Relaxed),
        1,
        "the one without a slot is dropped"
    );

    // Each calls its own closure.
    for (number, callback) in owned.iter().enumerate() {
        assert_eq!(unsafe { callback.function()() }, 1 + number as c_int);
    }

    // Scoped ones have the same slots, and other types too.
    let mut called = false;
    assert!(callback(|_: f64| 0.5).bare(|_| called = true).is_err());
    assert!(!called);

    drop(owned.remove(20));
    assert_eq!(
        callback(|_: f64| 0.5).bare(|function| unsafe { function(0.0) }),
        Ok(0.5)
    );
    drop(owned);
    assert_eq!(drops.load(Ordering::Relaxed), 65);
    for _ in 0..200 {
        assert_eq!(callback(|| 3).bare(|function| unsafe { function() }), Ok(3));
    }
}

#[test]
fn a_slot_is_free_after_a_panic() {
    let _slots = slots();
    for _ in 0..100 {
        let message = panic_of(|| {
            callback(|| -> () { panic!("inside") }).bare(|function| unsafe { function() })
        });
        assert_eq!(message, "inside");
        let message = panic_of(|| callback(|| 1).bare(|_| panic!("outside")));
        assert_eq!(message, "outside");
    }
}

// Panics.

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

// Calls during a call.

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

// Other threads.

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

// Owned ones.

#[test]
fn an_owned_closure_lives_until_its_guard_is_dropped() {
    let (counted, drops) = Counted::new();
    let owned = callback(move |number: c_int| counted.touch() + number)
        .sync()
        .owned_data_last::<*mut c_void>();
    let moved = (owned, 1);
    let function = moved.0.function();
    assert_eq!(unsafe { function(3, moved.0.data()) }, 3);
    assert_eq!(drops.load(Ordering::Relaxed), 0);
    drop(moved);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn an_owned_closure_lives_until_c_destroys_it() {
    let _slots = slots();
    let (counted, drops) = Counted::new();
    let other = counted.clone();
    let (function, data, destroy) = callback(move || other.touch())
        .send()
        .owned_data_first()
        .into_parts();
    assert_eq!(elsewhere(function, data), 0);
    assert_eq!(drops.load(Ordering::Relaxed), 0);
    elsewhere(destroy, data);
    assert_eq!(drops.load(Ordering::Relaxed), 1);

    // The destroy function of a bare one frees its slot.
    for round in 2..102 {
        let other = counted.clone();
        let owned = callback(move || other.touch())
            .owned_bare()
            .expect("a slot");
        let (function, data, destroy) = owned.into_parts();
        assert_eq!(unsafe { function() }, round - 1);
        unsafe { destroy(data) };
        assert_eq!(drops.load(Ordering::Relaxed), round as usize);
    }
}

#[test]
fn an_owned_callback_may_live_on_any_thread() {
    fn any_thread<T: Send + Sync + 'static>(_: &T) {}
    let (counted, drops) = Counted::new();
    let owned: OwnedCallback<unsafe extern "C" fn(c_int, *mut c_void) -> c_int> =
        callback(move |number: c_int| counted.touch() + number)
            .send()
            .owned_data_last();
    any_thread(&owned);
    let dropping = thread::spawn(move || unsafe { visit(1, Some(owned.function()), owned.data()) });
    assert_eq!(dropping.join().expect("no panic"), 0);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn an_owned_closure_keeps_its_state() {
    let mut calls = 0;
    let owned = callback(move || {
        calls += 1;
        calls
    })
    .owned_data_last::<*mut c_void>();
    let function = owned.function();
    assert_eq!(
        [(); 3].map(|()| unsafe { function(owned.data()) }),
        [1, 2, 3]
    );
}

#[test]
fn a_panic_in_an_owned_closure_ends_the_process() {
    let stderr = ends_process("a_panic_in_an_owned_closure_ends_the_process", || {
        let owned = callback(|| -> () { panic!("on purpose") }).owned_data_last::<*mut c_void>();
        let _ = catch_unwind(|| unsafe { owned.function()(owned.data()) });
    });
    assert!(stderr.contains("on purpose"), "{stderr}");
    let expected = "the callback `callback::a_panic_in_an_owned_closure_ends_the_process::{{closure}}::{{closure}}` \
                    panicked, and a panic cannot unwind into C";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn a_panic_in_an_owned_closure_without_user_data_ends_the_process() {
    let stderr = ends_process(
        "a_panic_in_an_owned_closure_without_user_data_ends_the_process",
        || {
            let owned = callback(|| -> () { panic!("on purpose") })
                .sync()
                .owned_bare()
                .expect("a slot");
            let _ = catch_unwind(|| unsafe { owned.function()() });
        },
    );
    assert!(
        stderr.contains("panicked, and a panic cannot unwind into C"),
        "{stderr}"
    );
}

#[test]
fn a_panic_of_a_destructor_ends_the_process() {
    struct Bad;
    impl Drop for Bad {
        fn drop(&mut self) {
            panic!("in drop")
        }
    }
    let stderr = ends_process("a_panic_of_a_destructor_ends_the_process", || {
        let bad = Bad;
        let owned =
            callback(move || assert!(size_of_val(&bad) == 0)).owned_data_last::<*mut c_void>();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(owned)));
    });
    assert!(stderr.contains("in drop"), "{stderr}");
    assert!(
        stderr.contains("panicked, and a panic cannot unwind into C"),
        "{stderr}"
    );
}

#[test]
fn an_owned_closure_called_during_a_call_ends_the_process() {
    let stderr = ends_process(
        "an_owned_closure_called_during_a_call_ends_the_process",
        || {
            let owned = callback(
                |function: Option<unsafe extern "C" fn(*mut c_void)>, data: *mut c_void| unsafe {
                    function.expect("not null")(data)
                },
            )
            .owned_data_last::<*mut c_void>();
            unsafe extern "C" fn again(owned: *mut c_void) {
                let owned = unsafe {
                    &*owned.cast::<OwnedCallback<
                        unsafe extern "C" fn(
                            Option<unsafe extern "C" fn(*mut c_void)>,
                            *mut c_void,
                            *mut c_void,
                        ),
                    >>()
                };
                unsafe { owned.function()(None, null_mut(), owned.data()) }
            }
            unsafe {
                owned.function()(
                    Some(again),
                    (&raw const owned).cast_mut().cast(),
                    owned.data(),
                )
            }
        },
    );
    assert!(stderr.contains("was called while it runs"), "{stderr}");
}

#[test]
fn an_owned_closure_destroyed_while_it_runs_ends_the_process() {
    let stderr = ends_process(
        "an_owned_closure_destroyed_while_it_runs_ends_the_process",
        || {
            let destroy_now = |destroy: Option<unsafe extern "C" fn(*mut c_void)>,
                               data: *mut c_void| unsafe {
                destroy.expect("not null")(data)
            };
            let (function, data, destroy) =
                callback(destroy_now).send().owned_data_last().into_parts();
            unsafe { function(Some(destroy), data, data) }
        },
    );
    assert!(stderr.contains("was destroyed while it runs"), "{stderr}");
}

/// A callback that C keeps, where a closure finds it that ends it.
type Place<P> = Arc<Mutex<Option<OwnedCallback<P>>>>;

#[test]
fn a_reentrant_closure_that_drops_itself_runs_to_its_end() {
    let _slots = slots();
    type Function = unsafe extern "C" fn(c_int, *mut c_void) -> c_int;
    let (counted, drops) = Counted::new();
    let place: Place<Function> = Arc::default();
    let (kept, text) = (place.clone(), String::from("still here"));
    let owned = callback(move |depth: c_int| {
        let taken = kept.lock().expect("no panic").take();
        match (depth, taken) {
            // The call inside ends it, and the one around it goes on with what it has.
            (1, Some(owned)) => {
                let (function, data) = (owned.function(), owned.data());
                *kept.lock().expect("no panic") = Some(owned);
                assert_eq!(unsafe { function(0, data) }, 0);
            }
            (_, owned) => drop(owned),
        }
        assert_eq!(text, "still here");
        counted.touch()
    })
    .reentrant()
    .owned_data_last();
    let (function, data) = (owned.function(), owned.data());
    *place.lock().expect("no panic") = Some(owned);
    assert_eq!(unsafe { function(1, data) }, 0);
    assert_eq!(drops.load(Ordering::Relaxed), 1);

    let (counted, drops) = Counted::new();
    let place: Place<unsafe extern "C" fn() -> c_int> = Arc::default();
    let kept = place.clone();
    let owned = callback(move || {
        drop(kept.lock().expect("no panic").take());
        counted.touch()
    })
    .reentrant()
    .owned_bare()
    .expect("a slot");
    let function = owned.function();
    *place.lock().expect("no panic") = Some(owned);
    assert_eq!(unsafe { function() }, 0);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn a_sync_closure_that_drops_itself_runs_to_its_end() {
    let (counted, drops) = Counted::new();
    let place: Place<unsafe extern "C" fn(*mut c_void) -> c_int> = Arc::default();
    let (kept, text) = (place.clone(), String::from("still here"));
    let owned = callback(move || {
        drop(kept.lock().expect("no panic").take());
        assert_eq!(text, "still here");
        counted.touch()
    })
    .sync()
    .owned_data_first();
    let (function, data) = (owned.function(), owned.data());
    *place.lock().expect("no panic") = Some(owned);
    assert_eq!(unsafe { function(data) }, 0);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn a_sync_closure_dropped_while_a_thread_is_inside_lives_until_that_has_left() {
    let (counted, drops) = Counted::new();
    let inside = Arc::new(Barrier::new(2));
    let dropped = inside.clone();
    let owned = callback(move || {
        dropped.wait();
        dropped.wait();
        counted.touch()
    })
    .sync()
    .owned_data_last();
    let (function, data) = (owned.function(), Data(owned.data()));
    let calling = thread::spawn(move || unsafe { function(data.get()) });
    inside.wait();
    drop(owned);
    assert_eq!(drops.load(Ordering::Relaxed), 0);
    inside.wait();
    assert_eq!(calling.join().expect("no panic"), 0);
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

/// C has no right to such a call, but it may have begun before the other thread's drop.
#[test]
fn a_sync_closure_called_after_its_destruction_ends_the_process() {
    let stderr = ends_process(
        "a_sync_closure_called_after_its_destruction_ends_the_process",
        || {
            let owned = callback(|| ()).sync().owned_data_last::<*mut c_void>();
            let (function, data) = (owned.function(), owned.data());
            drop(owned);
            unsafe { function(data) };
        },
    );
    assert!(
        stderr.contains("was called after it was destroyed"),
        "{stderr}"
    );
}

#[test]
fn an_owned_closure_on_another_thread_ends_the_process() {
    let stderr = ends_process(
        "an_owned_closure_on_another_thread_ends_the_process",
        || {
            let local = Rc::new(1);
            let owned = callback(move || *local).owned_data_last();
            elsewhere(owned.function(), owned.data());
        },
    );
    assert!(
        stderr.contains("was called on another thread without `send` or `sync`"),
        "{stderr}"
    );
}

#[test]
fn an_owned_closure_dropped_on_another_thread_ends_the_process() {
    let stderr = ends_process(
        "an_owned_closure_dropped_on_another_thread_ends_the_process",
        || {
            let local = Rc::new(1);
            let owned = callback(move || *local).owned_data_last::<*mut c_void>();
            let _ = thread::spawn(move || drop(owned)).join();
        },
    );
    assert!(
        stderr.contains(
            "was destroyed while it runs, without `reentrant` or `sync`, or on another thread"
        ),
        "{stderr}"
    );
}

#[test]
fn a_bare_function_called_after_its_destruction_ends_the_process() {
    let stderr = ends_process(
        "a_bare_function_called_after_its_destruction_ends_the_process",
        || {
            let mut kept = None;
            callback(|| 1)
                .bare(|function| kept = Some(function))
                .expect("a slot");
            unsafe { kept.expect("called")() };
        },
    );
    assert!(
        stderr.contains("was called after it was destroyed"),
        "{stderr}"
    );
}
