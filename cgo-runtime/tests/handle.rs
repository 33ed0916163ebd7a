//! Handles: every misuse is an error, values live exactly as long as they should, and threads do not disturb each other.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use cgo_runtime::{Handle, HandleError, LocalHandle};

/// Miri interprets the tests, looks for data races under C++'s memory model, and varies the order of threads by seeds: it
/// needs fewer rounds of each, and has no time for more.
const fn scaled(rounds: usize) -> usize {
    if cfg!(miri) {
        rounds.div_ceil(200)
    } else {
        rounds
    }
}

#[test]
fn a_value_comes_back() {
    let handle = Handle::new("text".to_string());
    assert_eq!(handle.get().as_deref(), Ok("text"));
    assert_eq!(Handle::<String>::from_raw(handle.into_raw()), handle);
    assert_eq!(
        Handle::<String>::from_pointer(handle.into_pointer()),
        handle
    );
    assert_ne!(handle.into_raw(), 0);
    assert_eq!(handle.delete(), Ok(()));
}

#[test]
fn misuse_is_an_error() {
    let handle = Handle::new(1u32);
    let wrong = Handle::<i32>::from_raw(handle.into_raw());
    assert_eq!(wrong.get(), Err(HandleError::WrongType));
    assert_eq!(wrong.delete(), Err(HandleError::WrongType));
    assert_eq!(handle.delete(), Ok(()));
    assert_eq!(handle.delete(), Err(HandleError::Unknown));
    assert_eq!(handle.get(), Err(HandleError::Unknown));
    assert_eq!(Handle::<u32>::from_raw(0).get(), Err(HandleError::Null));
    for forged in [
        1,
        7,
        1 << 20,
        usize::MAX,
        usize::MAX >> 1,
        handle.into_raw() ^ 1 << (usize::BITS - 24),
    ] {
        assert_eq!(
            Handle::<u32>::from_raw(forged).get(),
            Err(HandleError::Unknown),
            "{forged}"
        );
    }
}

/// Counts its drops.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_value_is_dropped_once_and_not_under_a_reader() {
    let drops = Arc::new(AtomicUsize::new(0));
    let handle = Handle::new(Counted(drops.clone()));
    handle
        .with(|value| {
            assert_eq!(handle.delete(), Ok(()));
            assert_eq!(handle.with(|_| ()), Err(HandleError::Unknown));
            assert_eq!(value.0.load(Ordering::Relaxed), 0);
        })
        .unwrap();
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn panics_leave_the_table_sound() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in drop");
        }
    }
    let handle = Handle::new(Bomb);
    assert!(catch_unwind(|| handle.with(|_| panic!("in with"))).is_err());
    assert_eq!(handle.with(|_| 1), Ok(1));
    assert!(catch_unwind(AssertUnwindSafe(|| handle.delete())).is_err());
    assert_eq!(handle.with(|_| ()), Err(HandleError::Unknown));
    assert_eq!(Handle::new(3).delete(), Ok(()));
}

/// A value that uses the table in its own `Drop`.
#[test]
fn a_drop_may_use_handles() {
    struct Outer(Handle<u8>);
    impl Drop for Outer {
        fn drop(&mut self) {
            self.0.delete().unwrap();
            Handle::new(1u8).delete().unwrap();
        }
    }
    let inner = Handle::new(5u8);
    Handle::new(Outer(inner)).delete().unwrap();
    assert_eq!(inner.get(), Err(HandleError::Unknown));
}

/// Random operations against a map, from a fixed seed.
#[test]
fn the_table_is_a_map_whose_keys_are_never_used_again() {
    for seed in 1..=scaled(20) as u64 {
        let mut random = seed;
        let mut next = move |below: usize| {
            // Marsaglia's xorshift64.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 16) as usize % below
        };
        let mut model = HashMap::new();
        let mut ever = Vec::new();
        for step in 0..scaled(2000) {
            match next(4) {
                0 | 1 => {
                    let handle = Handle::new(step);
                    assert!(!ever.contains(&handle), "{handle:?} is used again");
                    ever.push(handle);
                    model.insert(handle.into_raw(), step);
                }
                2 if !ever.is_empty() => {
                    let handle = ever[next(ever.len())];
                    let expected = model.get(&handle.into_raw()).copied();
                    assert_eq!(handle.get().ok(), expected);
                }
                _ if !ever.is_empty() => {
                    let handle = ever[next(ever.len())];
                    let expected = model.remove(&handle.into_raw()).is_some();
                    assert_eq!(handle.delete().is_ok(), expected);
                }
                _ => {}
            }
        }
        for raw in model.into_keys() {
            Handle::<usize>::from_raw(raw).delete().unwrap();
        }
    }
}

/// Threads make, read and delete each other's handles; each value is dropped exactly once, and none is seen after that.
#[test]
fn many_threads() {
    const THREADS: usize = 8;
    const ROUNDS: usize = scaled(3000);
    let drops = Arc::new(AtomicUsize::new(0));
    let deleted = AtomicUsize::new(0);
    let shared: Mutex<Vec<Handle<Counted>>> = Mutex::new(Vec::new());
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (drops, deleted, shared, start) = (&drops, &deleted, &shared, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..ROUNDS {
                    let mine = Handle::new(Counted(drops.clone()));
                    let other = {
                        let mut shared = shared.lock().unwrap();
                        shared.push(mine);
                        let at = (thread * 7919 + round * 31) % shared.len();
                        shared[at]
                    };
                    let _ = other.with(|value| assert!(Arc::strong_count(&value.0) > 1));
                    if round % 3 != 0 && other.delete().is_ok() {
                        deleted.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(
        drops.load(Ordering::Relaxed),
        deleted.load(Ordering::Relaxed)
    );
    for handle in shared.into_inner().unwrap() {
        let _ = handle.delete();
    }
    assert_eq!(drops.load(Ordering::Relaxed), THREADS * ROUNDS);
}

/// Two threads fight over one handle: one delete wins, and readers see the value or an error.
#[test]
fn one_delete_wins() {
    for _ in 0..scaled(2000) {
        let drops = Arc::new(AtomicUsize::new(0));
        let handle = Handle::new(Counted(drops.clone()));
        let won = thread::scope(|scope| {
            let threads = [0, 1].map(|_| {
                scope.spawn(|| {
                    let _ = handle.with(|value| value.0.load(Ordering::Relaxed));
                    usize::from(handle.delete().is_ok())
                })
            });
            threads
                .map(|thread| thread.join().unwrap())
                .iter()
                .sum::<usize>()
        });
        assert_eq!((won, drops.load(Ordering::Relaxed)), (1, 1));
    }
}

/// Many threads read one handle, one within another, until somebody deletes it: from then on it is an error for all, and
/// the value goes when the last of them has left it.
#[test]
fn many_readers_of_one_handle() {
    const THREADS: usize = 4;
    for round in 0..scaled(300) {
        let drops = Arc::new(AtomicUsize::new(0));
        let handle = Handle::new(Counted(drops.clone()));
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (drops, start) = (&drops, &start);
                scope.spawn(move || {
                    let alive = |value: &Counted| assert_eq!(value.0.load(Ordering::Relaxed), 0);
                    start.wait();
                    for _ in 0..scaled(2000) {
                        let read = handle.with(|value| {
                            let _ = handle.with(alive);
                            alive(value);
                        });
                        if read.is_err() {
                            break;
                        }
                    }
                    if thread == round % THREADS {
                        let inside = handle.with(|value| {
                            assert_eq!(handle.delete(), Ok(()));
                            alive(value);
                        });
                        assert_eq!(inside, Ok(()));
                    }
                    while handle.with(alive).is_ok() {
                        thread::yield_now();
                    }
                    assert!(drops.load(Ordering::Relaxed) <= 1);
                });
            }
        });
        assert_eq!(drops.load(Ordering::Relaxed), 1);
        assert_eq!(handle.delete(), Err(HandleError::Unknown));
    }
}

#[test]
fn a_local_value_comes_back_on_its_thread() {
    let handle = LocalHandle::new(RefCell::new(vec![1]));
    let same = LocalHandle::<RefCell<Vec<i32>>>::from_pointer(handle.into_pointer());
    assert_eq!(same, handle);
    assert_eq!(same.with(|values| values.borrow_mut().push(2)), Ok(()));
    assert_eq!(handle.get(), Ok(RefCell::new(vec![1, 2])));
    assert_eq!(handle.delete(), Ok(()));
    assert_eq!(handle.delete(), Err(HandleError::Unknown));
    assert_eq!(
        LocalHandle::<u8>::from_raw(0).with(|_| ()),
        Err(HandleError::Null)
    );
}

#[test]
fn a_local_handle_is_of_its_own_kind() {
    let local = LocalHandle::new(1u32);
    let shared = Handle::<u32>::from_raw(local.into_raw());
    assert_eq!(shared.get(), Err(HandleError::WrongType));
    assert_eq!(shared.delete(), Err(HandleError::WrongType));
    let other = LocalHandle::<i32>::from_raw(local.into_raw());
    assert_eq!(other.delete(), Err(HandleError::WrongType));
    assert_eq!(local.delete(), Ok(()));
}

#[test]
fn a_local_value_is_out_of_reach_on_other_threads() {
    let value = Rc::new(Cell::new(1));
    let handle = LocalHandle::new(value.clone());
    thread::spawn(move || {
        assert_eq!(handle.with(|_| ()), Err(HandleError::WrongThread));
        assert_eq!(handle.delete(), Err(HandleError::WrongThread));
    })
    .join()
    .unwrap();
    assert_eq!(Rc::strong_count(&value), 2);
    assert_eq!(handle.delete(), Ok(()));
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn a_local_value_outlives_its_thread_undropped() {
    let drops = Arc::new(AtomicUsize::new(0));
    let counted = Counted(drops.clone());
    let handle = thread::spawn(|| LocalHandle::new(counted)).join().unwrap();
    assert_eq!(handle.with(|_| ()), Err(HandleError::WrongThread));
    assert_eq!(handle.delete(), Err(HandleError::WrongThread));
    assert_eq!(drops.load(Ordering::Relaxed), 0);
}

#[test]
fn a_local_value_is_dropped_once_and_not_under_a_reader() {
    let drops = Arc::new(AtomicUsize::new(0));
    let handle = LocalHandle::new(Counted(drops.clone()));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        handle.with(|value| {
            assert_eq!(handle.delete(), Ok(()));
            assert_eq!(handle.with(|_| ()), Err(HandleError::Unknown));
            assert_eq!(value.0.load(Ordering::Relaxed), 0);
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

/// A thread that only looks at a handle must not become the one that drops the value.
#[test]
fn a_local_value_is_dropped_on_its_thread_whoever_looks() {
    struct Here(thread::ThreadId);
    impl Drop for Here {
        fn drop(&mut self) {
            assert_eq!(self.0, thread::current().id());
        }
    }
    let current = Arc::new(AtomicUsize::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let looks = {
        let (current, over) = (current.clone(), over.clone());
        move || {
            while !over.load(Ordering::Relaxed) {
                let handle = LocalHandle::<Here>::from_raw(current.load(Ordering::Acquire));
                assert!(handle.with(|_| ()).is_err());
            }
        }
    };
    let lookers = [thread::spawn(looks.clone()), thread::spawn(looks)];
    for _ in 0..scaled(20_000) {
        let handle = LocalHandle::new(Here(thread::current().id()));
        current.store(handle.into_raw(), Ordering::Release);
        assert_eq!(handle.delete(), Ok(()));
    }
    over.store(true, Ordering::Relaxed);
    for looker in lookers {
        looker.join().unwrap();
    }
}
