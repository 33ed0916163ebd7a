//! The slots for closures that C calls without user data.

use core::ffi::c_void;
use core::fmt;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// How many closures C can call without user data at a time.
const SLOTS: usize = 64;

struct Slot {
    /// The user data of the closure that has this slot, or null.
    data: AtomicPtr<c_void>,
    /// The function that takes this user data first and calls the closure.
    function: AtomicPtr<()>,
}

/// All threads and all types of closures share the slots: Rust has no statics of a generic type.
static SLOT: [Slot; SLOTS] = [const {
    Slot {
        data: AtomicPtr::new(null_mut()),
        function: AtomicPtr::new(null_mut()),
    }
}; SLOTS];

/// One slot, until it is dropped.
pub(super) struct Claim(usize);

impl Claim {
    /// Takes a slot for user data, which is not null, and for a function that takes it first.
    #[inline]
    pub(super) fn new(function: *mut (), data: *mut c_void) -> Result<Claim, TooManyCallbacks> {
        let free = |slot: &Slot| {
            slot.data.load(Ordering::Relaxed).is_null()
                && slot
                    .data
                    .compare_exchange(null_mut(), data, Ordering::Acquire, Ordering::Relaxed)
                    .is_ok()
        };
        let index = SLOT.iter().position(free).ok_or(TooManyCallbacks(()))?;
        SLOT[index].function.store(function, Ordering::Release);
        Ok(Claim(index))
    }

    /// Which slot.
    #[inline]
    pub(super) fn index(&self) -> usize {
        self.0
    }
}

impl Drop for Claim {
    #[inline]
    fn drop(&mut self) {
        SLOT[self.0].data.store(null_mut(), Ordering::Release);
    }
}

/// What is in a slot: a function that takes its user data first, and the user data.
#[inline]
pub(super) fn taken(slot: usize) -> (*mut (), *mut c_void) {
    let slot = &SLOT[slot];
    let data = slot.data.load(Ordering::Acquire);
    if data.is_null() {
        ended();
    }
    (slot.function.load(Ordering::Acquire), data)
}

/// `extern "C"`, so that its callers need no landing pad.
#[cold]
extern "C" fn ended() -> ! {
    std::eprintln!("a callback without user data was called after it was destroyed");
    std::process::abort()
}

/// All 64 slots of the process for closures without user data are in use.
///
/// [`bare`](crate::Callback::bare) uses a slot until it returns, and [`owned_bare`](crate::Callback::owned_bare) until the closure is
/// destroyed.
///
/// ```
/// # use cgo_runtime as cgo;
/// let mut owned = Vec::new();
/// let error = loop {
///     match cgo::callback(|| ()).owned_bare() {
///         Ok(callback) => owned.push(callback),
///         Err(error) => break error,
///     }
/// };
/// assert_eq!(owned.len(), 64);
/// assert!(error.to_string().starts_with("all 64 slots for closures without user data are in use"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyCallbacks(());

impl fmt::Display for TooManyCallbacks {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "all {SLOTS} slots for closures without user data are in use\n\
             help: drop an `OwnedCallback` of `owned_bare`, or give C user data with `data_last` or `data_first`"
        )
    }
}

impl core::error::Error for TooManyCallbacks {}
