//! Rust closures on threads that C starts: `cargo run --example threads`.

use std::ffi::c_void;
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cgo::{OwnedCallback, c_preamble, callback};

c_preamble! {
    #cgo LDFLAGS: -lpthread
    #include <pthread.h>
}

/// A thread of C's that runs a closure.
struct Thread {
    id: C::pthread_t,
    /// Must outlive the thread, so it is dropped after `join`.
    _body: OwnedCallback<unsafe extern "C" fn(*mut c_void) -> *mut c_void>,
}

impl Thread {
    fn start(mut body: impl FnMut() + Send + 'static) -> io::Result<Thread> {
        let body = callback(move || {
            body();
            null_mut()
        })
        .send()
        .owned_data_last();

        let mut id = MaybeUninit::uninit();
        let code = unsafe {
            C::pthread_create(
                id.as_mut_ptr(),
                std::ptr::null(),
                Some(body.function()),
                body.data(),
            )
        };
        match code {
            0 => Ok(Thread {
                id: unsafe { id.assume_init() },
                _body: body,
            }),
            _ => Err(io::Error::from_raw_os_error(code)),
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        unsafe { C::pthread_join(self.id, null_mut()) };
    }
}

fn main() -> io::Result<()> {
    let total = Arc::new(AtomicU64::new(0));
    let threads: Vec<Thread> = (1..=4)
        .map(|factor| {
            let total = total.clone();
            Thread::start(move || {
                let sum = (1..=100).map(|number| factor * number).sum();
                total.fetch_add(sum, Ordering::Relaxed);
            })
        })
        .collect::<io::Result<_>>()?;
    println!("{} threads", threads.len());

    drop(threads);
    println!("{} in all", total.load(Ordering::Relaxed));
    println!("{} owner left", Arc::strong_count(&total));
    Ok(())
}
