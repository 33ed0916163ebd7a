//! Closures for function pointers without user data: a pool of slots, and for each slot a function that calls what is
//! in it.

use core::ffi::c_void;
use core::fmt;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::arity::{Parameters, Target};
use super::panic::end;

/// How many closures the process can have as bare function pointers at a time.
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
    /// Takes a slot for a target whose user data is `data`, which is not null.
    #[inline]
    pub(super) fn new<A, R, T>(data: *mut c_void) -> Result<Claim, TooManyCallbacks>
    where
        A: Parameters,
        T: Target<A, R>,
    {
        Self::erased(A::erased(A::first::<R, T>()), data)
    }

    #[inline]
    fn erased(function: *mut (), data: *mut c_void) -> Result<Claim, TooManyCallbacks> {
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

    /// The function that calls what is in this slot. `A` and `R` are those of [`new`](Self::new).
    #[inline]
    pub(super) fn function<A: Parameters, R>(&self) -> A::Bare<R> {
        macro_rules! function_of {
            ($($slot:literal)*) => {
                match self.0 {
                    $($slot => A::in_slot::<R, $slot>(),)*
                    _ => unreachable!("a slot beyond the last"),
                }
            };
        }
        function_of! {
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
            32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
        }
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

/// `extern "C"`, so that nobody who calls it prepares for a panic in it.
#[cold]
extern "C" fn ended() -> ! {
    end("of a bare function pointer", "was called after its end")
}

/// There are too many closures that are bare function pointers: all 64 slots of the process are taken.
///
/// Those of [`bare`](crate::Callback::bare) count until it returns, and those of [`owned_bare`](crate::Callback::owned_bare)
/// until they are destroyed.
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
/// assert_eq!(error.to_string(), "64 closures are bare function pointers at this time, and no more can be");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyCallbacks(());

impl fmt::Display for TooManyCallbacks {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{SLOTS} closures are bare function pointers at this time, and no more can be"
        )
    }
}

impl core::error::Error for TooManyCallbacks {}
