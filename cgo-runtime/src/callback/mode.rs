//! Who may call a closure, and when: one thread or all, one at a time or many at once.

use core::cell::{Cell, UnsafeCell};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::arity::{Closure, SharedClosure};
use super::keep::{AnyThread, Keeper, OneThread};

/// A closure that stays on its thread, and runs once at a time.
pub struct Local;

/// A closure that stays on its thread, and may be called while it runs.
pub struct Reentrant;

/// A closure that any thread may call, one at a time.
pub struct Exclusive;

/// A closure that any number of threads may call at once, and that may be called while it runs.
pub struct Shared;

/// What the modes need to know of a closure.
pub struct Gate {
    /// Where the closure was made.
    thread: usize,
    /// Whether it runs. Stays set after a panic in it, so that it is not called again.
    busy: AtomicBool,
    /// Whether a panic waits to be resumed.
    panicked: AtomicBool,
    /// How many calls run of a closure that stays on its thread and may be called while it runs.
    running: AtomicUsize,
    /// Whether a closure that stays on its thread was destroyed.
    ended: AtomicBool,
}

impl Gate {
    #[inline]
    pub(super) fn new() -> Gate {
        Gate {
            thread: thread(),
            busy: AtomicBool::new(false),
            panicked: AtomicBool::new(false),
            running: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Whether this is the thread that the closure was made on. One that has no number has made no callback.
    #[inline]
    fn is_here(&self) -> bool {
        self.thread == ID.get()
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

/// Whether a closure may be called now.
///
/// # Safety
///
/// `enter` returns true only where [`run`](Mode::run) may follow on this thread; and after true, until `leave`, it
/// returns true nowhere else unless the closure may run there at the same time.
pub unsafe trait Mode<F: Closure<A>, A> {
    /// What C did wrong if `enter` returns false and there was no panic.
    fn mistake(gate: &Gate) -> &'static str;

    /// Whether the call may be made. If so, `leave` must follow it.
    fn enter(gate: &Gate) -> bool;

    /// Calls the closure.
    ///
    /// # Safety
    ///
    /// `enter` has returned true on this thread, and there was no `leave` since.
    unsafe fn run(closure: &UnsafeCell<F>, arguments: A) -> F::Output;

    /// The call is over.
    fn leave(gate: &Gate);
}

/// A mode in which C may also destroy the closure.
pub trait OwnedMode<F: Closure<A>, A>: Mode<F, A> {
    /// What keeps the closure until it is destroyed and its last call has returned.
    type Keeper: Keeper;

    /// Whether it may be destroyed now. After that no call is let in that could meet its end.
    fn may_end(gate: &Gate) -> bool;
}

/// What C did wrong if it called on another thread.
const WRONG_THREAD: &str = "was called on another thread without `send` or `sync`";
/// What C did wrong if it called what was destroyed.
pub(super) const AFTER_ITS_END: &str = "was called after its end";
/// What C did wrong if it called during a call.
const RUNNING: &str = "was called while it runs";

// SAFETY: all calls are on the thread that made the closure, and `busy` is set while one runs.
unsafe impl<F: Closure<A>, A> Mode<F, A> for Local {
    #[inline]
    fn mistake(gate: &Gate) -> &'static str {
        if gate.is_here() {
            RUNNING
        } else {
            WRONG_THREAD
        }
    }

    #[inline]
    fn enter(gate: &Gate) -> bool {
        let may = gate.is_here() && !gate.busy.load(Ordering::Relaxed);
        if may {
            gate.busy.store(true, Ordering::Relaxed);
        }
        may
    }

    #[inline]
    unsafe fn run(closure: &UnsafeCell<F>, arguments: A) -> F::Output {
        // SAFETY: `enter` has let in this call alone, on the closure's own thread.
        unsafe { (*closure.get()).call_mut(arguments) }
    }

    #[inline]
    fn leave(gate: &Gate) {
        gate.busy.store(false, Ordering::Relaxed);
    }
}

impl<F: Closure<A>, A> OwnedMode<F, A> for Local {
    type Keeper = OneThread;

    #[inline]
    fn may_end(gate: &Gate) -> bool {
        gate.is_here() && !gate.busy.load(Ordering::Relaxed)
    }
}

// SAFETY: all calls are on the thread that made the closure, which is `Fn`.
unsafe impl<F: SharedClosure<A>, A> Mode<F, A> for Reentrant {
    #[inline]
    fn mistake(gate: &Gate) -> &'static str {
        if gate.is_here() {
            AFTER_ITS_END
        } else {
            WRONG_THREAD
        }
    }

    #[inline]
    fn enter(gate: &Gate) -> bool {
        let ended = gate.ended.load(Ordering::Relaxed);
        let may = gate.is_here() && !gate.panicked() && !ended;
        if may {
            let running = gate.running.load(Ordering::Relaxed);
            gate.running.store(running + 1, Ordering::Relaxed);
        }
        may
    }

    #[inline]
    unsafe fn run(closure: &UnsafeCell<F>, arguments: A) -> F::Output {
        // SAFETY: nobody has the closure mutably in this mode, until it is dropped, and this is its own thread.
        unsafe { (*closure.get()).call(arguments) }
    }

    #[inline]
    fn leave(gate: &Gate) {
        let running = gate.running.load(Ordering::Relaxed);
        gate.running.store(running - 1, Ordering::Relaxed);
    }
}

impl<F: SharedClosure<A>, A> OwnedMode<F, A> for Reentrant {
    type Keeper = OneThread;

    #[inline]
    fn may_end(gate: &Gate) -> bool {
        gate.is_here()
    }
}

// SAFETY: `busy` is set while a call runs, and the closure is `Send`: the next thread sees all that this one did.
unsafe impl<F: Closure<A> + Send, A> Mode<F, A> for Exclusive {
    #[inline]
    fn mistake(_: &Gate) -> &'static str {
        RUNNING
    }

    #[inline]
    fn enter(gate: &Gate) -> bool {
        !gate.busy.swap(true, Ordering::Acquire)
    }

    #[inline]
    unsafe fn run(closure: &UnsafeCell<F>, arguments: A) -> F::Output {
        // SAFETY: `enter` has let in this call alone.
        unsafe { (*closure.get()).call_mut(arguments) }
    }

    #[inline]
    fn leave(gate: &Gate) {
        gate.busy.store(false, Ordering::Release);
    }
}

impl<F: Closure<A> + Send, A> OwnedMode<F, A> for Exclusive {
    type Keeper = AnyThread;

    #[inline]
    fn may_end(gate: &Gate) -> bool {
        // It stays busy.
        !gate.busy.swap(true, Ordering::Acquire)
    }
}

// SAFETY: the closure is `Fn` and `Sync`, so it may run anywhere at any time.
unsafe impl<F: SharedClosure<A> + Sync, A> Mode<F, A> for Shared {
    #[inline]
    fn mistake(_: &Gate) -> &'static str {
        "was called after a panic"
    }

    #[inline]
    fn enter(gate: &Gate) -> bool {
        !gate.panicked()
    }

    #[inline]
    unsafe fn run(closure: &UnsafeCell<F>, arguments: A) -> F::Output {
        // SAFETY: nobody has the closure mutably in this mode, until it is dropped.
        unsafe { (*closure.get()).call(arguments) }
    }

    #[inline]
    fn leave(_: &Gate) {}
}

impl<F: SharedClosure<A> + Send + Sync, A> OwnedMode<F, A> for Shared {
    type Keeper = AnyThread;

    #[inline]
    fn may_end(_: &Gate) -> bool {
        true
    }
}

std::thread_local! {
    /// This thread's number, or 0.
    static ID: Cell<usize> = const { Cell::new(0) };
}

/// This thread's number, which no other thread of the process ever has.
#[inline]
fn thread() -> usize {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    if ID.get() == 0 {
        #[allow(deprecated)] // Its new name, `try_update`, came after Rust 1.88.
        let next = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            last.checked_add(1)
        });
        ID.set(next.expect("fewer threads than addresses") + 1);
    }
    ID.get()
}
