//! Who may call a closure, and when: one thread or all, one at a time or many at once.

use core::cell::UnsafeCell;
use core::sync::atomic::Ordering;

use super::arity::{Closure, SharedClosure};
use super::gate::Gate;
use super::storage::{AnyThread, OneThread, Storage};

/// C calls the closure on the thread that made it, one call at a time: without any of the methods below.
#[derive(Debug)]
pub struct Local;

/// C calls the closure on the thread that made it, also while it runs: [`Callback::reentrant`](super::Callback::reentrant).
#[derive(Debug)]
pub struct Reentrant;

/// C calls the closure on any thread, one call at a time: [`Callback::send`](super::Callback::send).
#[derive(Debug)]
pub struct Exclusive;

/// C calls the closure on any thread, many calls at once, also while it runs: [`Callback::sync`](super::Callback::sync).
#[derive(Debug)]
pub struct Shared;

/// A mode decides on which threads C may call a closure `F` with the parameters `A`, and whether while it runs: [`Local`],
/// [`Reentrant`], [`Exclusive`] or [`Shared`].
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
    type Storage: Storage;

    /// Whether it may be destroyed now. After that no call is let in that could meet its end.
    fn may_end(gate: &Gate) -> bool;
}

/// What C did wrong if it called on another thread.
const WRONG_THREAD: &str = "was called on another thread without `send` or `sync`";
/// What C did wrong if it called what was destroyed.
pub(super) const AFTER_ITS_END: &str = "was called after it was destroyed";
/// What C did wrong if it called during a call.
const RUNNING: &str = "was called while it runs, without `reentrant` or `sync`";

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
    type Storage = OneThread;

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
    type Storage = OneThread;

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
    type Storage = AnyThread;

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
    type Storage = AnyThread;

    #[inline]
    fn may_end(_: &Gate) -> bool {
        true
    }
}
