//! Numbers for threads, by which what belongs to one thread knows its own.

use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};

std::thread_local! {
    /// This thread's number, or 0.
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// This thread's number, which no other thread of the process ever has.
#[inline]
pub(crate) fn number() -> usize {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    if NUMBER.get() == 0 {
        #[allow(deprecated)] // Its new name, `try_update`, came after Rust 1.88.
        let next = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            last.checked_add(1)
        });
        NUMBER.set(next.expect("fewer threads than addresses") + 1);
    }
    NUMBER.get()
}

/// Whether this thread has this number, which [`number`] gave.
#[inline]
pub(crate) fn is_here(number: usize) -> bool {
    NUMBER.get() == number
}
