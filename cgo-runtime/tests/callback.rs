//! Closures that C calls: each way to hand one over, and all that C and the closure may do wrong.

#![cfg(feature = "std")]
// A callback is called as C would, dozens of times here, always with its own data and before its end.
#![allow(clippy::undocumented_unsafe_blocks)]

#[path = "callback/arguments.rs"]
mod arguments;
#[path = "callback/bare.rs"]
mod bare;
#[path = "callback/nested.rs"]
mod nested;
#[path = "callback/owned.rs"]
mod owned;
#[path = "callback/panics.rs"]
mod panics;
#[path = "callback/threads.rs"]
mod threads;

use std::env;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

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
