//! Closures for functions that pass no user data.

use std::ffi::{c_int, c_void};
use std::sync::atomic::Ordering;
use std::thread;

use cgo_runtime::{TooManyCallbacks, callback};

use super::{Counted, panic_of, slots};

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
