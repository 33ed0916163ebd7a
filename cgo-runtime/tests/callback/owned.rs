//! Closures that C keeps: when they end, and what ends the process.

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use cgo_runtime::{OwnedCallback, callback};

use super::{Counted, Data, elsewhere, ends_process, slots, visit};

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
    let stderr = ends_process(
        "owned::a_panic_in_an_owned_closure_ends_the_process",
        || {
            let owned =
                callback(|| -> () { panic!("on purpose") }).owned_data_last::<*mut c_void>();
            let _ = catch_unwind(|| unsafe { owned.function()(owned.data()) });
        },
    );
    assert!(stderr.contains("on purpose"), "{stderr}");
    let expected = "the callback `callback::owned::a_panic_in_an_owned_closure_ends_the_process::{{closure}}::{{closure}}` \
                    panicked, and a panic cannot unwind into C";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn a_panic_in_an_owned_closure_without_user_data_ends_the_process() {
    let stderr = ends_process(
        "owned::a_panic_in_an_owned_closure_without_user_data_ends_the_process",
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
    let stderr = ends_process("owned::a_panic_of_a_destructor_ends_the_process", || {
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
        "owned::an_owned_closure_called_during_a_call_ends_the_process",
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
        "owned::an_owned_closure_destroyed_while_it_runs_ends_the_process",
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
        "owned::a_sync_closure_called_after_its_destruction_ends_the_process",
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
        "owned::an_owned_closure_on_another_thread_ends_the_process",
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
        "owned::an_owned_closure_dropped_on_another_thread_ends_the_process",
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
        "owned::a_bare_function_called_after_its_destruction_ends_the_process",
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
