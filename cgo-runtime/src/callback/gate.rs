//! The state of a closure: the thread that made it, and whether it runs, has panicked or was destroyed.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::thread;

/// The state of a closure that the modes decide by.
#[derive(Debug)]
pub struct Gate {
    /// Where the closure was made.
    thread: usize,
    /// Whether it runs. Stays set after a panic in it, so that it is not called again.
    pub(super) busy: AtomicBool,
    /// Whether a panic waits to be resumed.
    panicked: AtomicBool,
    /// How many calls run of a closure that stays on its thread and may be called while it runs.
    pub(super) running: AtomicUsize,
    /// Whether a closure that stays on its thread was destroyed.
    pub(super) ended: AtomicBool,
}

impl Gate {
    #[inline]
    pub(super) fn new() -> Gate {
        Gate {
            thread: thread::number(),
            busy: AtomicBool::new(false),
            panicked: AtomicBool::new(false),
            running: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Whether this is the thread that the closure was made on. One that has no number has made no callback.
    #[inline]
    pub(super) fn is_here(&self) -> bool {
        thread::is_here(self.thread)
    }

    #[inline]
    pub(super) fn panicked(&self) -> bool {
        self.panicked.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set_panicked(&self) {
        self.panicked.store(true, Ordering::Relaxed);
    }

    /// The closure is destroyed, on its own thread.
    #[inline]
    pub(super) fn set_ended(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether the closure was destroyed and no call of it runs any more. For its own thread.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.ended.load(Ordering::Relaxed) && self.running.load(Ordering::Relaxed) == 0
    }
}
