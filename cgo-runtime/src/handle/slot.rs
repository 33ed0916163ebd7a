//! One slot of the table: its value, the type of the value, and the lanes of its readers.

use core::any::TypeId;
use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};

use alloc::boxed::Box;
use std::sync::OnceLock;

use super::error::HandleError;
use super::state::{LANES, MET, OCCUPIED, is_alive};

/// Apart from its neighbours, so that threads with different handles do not slow each other down.
#[repr(align(128))]
pub(super) struct Slot {
    pub(super) state: AtomicU64,
    /// The type of the value that is or was there; null before the first one.
    pub(super) ctype: AtomicPtr<Type>,
    /// Written by who took the slot from the free list, read by readers of an occupied one.
    pub(super) value: UnsafeCell<*mut c_void>,
    /// Made when readers first meet here, and kept for the slot's later values.
    pub(super) lanes: OnceLock<Box<[Lane; LANE_COUNT]>>,
}

/// Threads are dealt out to so many lanes of a slot.
pub(super) const LANE_COUNT: usize = 16;

/// A state word of some threads' readers, which is occupied only while the slot is, and dying where `delete` has closed
/// it. On a cache line of its own.
#[repr(align(128))]
pub(super) struct Lane(pub(super) AtomicU64);

// SAFETY: `value` is `Send + Sync`, and `state` says who may touch it.
unsafe impl Sync for Slot {}

impl Slot {
    /// Whether the type is this one, for a slot that was occupied.
    #[inline]
    pub(super) fn holds<T: 'static>(&self) -> bool {
        let (held, mine) = (self.ctype.load(Ordering::Relaxed), Type::of::<T>());
        // Two types differ in `id`, so that one place is one type. One type may have several places.
        // SAFETY: not null after the first value, and then it is from `Type::of`.
        ptr::eq(held, mine) || unsafe { ((*held).id)() == (mine.id)() }
    }
}

/// What the table knows of a value's type.
pub(super) struct Type {
    pub(super) id: fn() -> TypeId,
    pub(super) free: unsafe fn(*mut c_void),
}

impl Type {
    #[inline]
    pub(super) fn of<T: 'static>() -> &'static Type {
        const {
            &Type {
                id: TypeId::of::<T>,
                free: free::<T>,
            }
        }
    }
}

/// # Safety
///
/// `value` comes from `Box<T>`, and this is its last use.
#[inline]
pub(super) unsafe fn free<T>(value: *mut c_void) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(value.cast::<T>()) });
}

/// Which lane a thread uses.
#[inline]
pub(super) fn lane_here() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    std::thread_local! {
        static LANE: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    LANE.with(|lane| {
        if lane.get() == usize::MAX {
            lane.set(THREADS.fetch_add(1, Ordering::Relaxed) % LANE_COUNT);
        }
        lane.get()
    })
}

/// Opens the lanes, for a reader that is counted in the slot's own word: so the generation cannot end before it is done.
#[cold]
#[inline]
pub(super) fn open_lanes(slot: &Slot, generation: u32) {
    // Acquire: the next one to open them comes after the end of the generation that used them before.
    if slot.state.fetch_or(MET, Ordering::Acquire) & MET != 0 {
        return; // Another reader opens them.
    }
    let open = u64::from(generation) << 32 | OCCUPIED;
    let lanes = slot
        .lanes
        .get_or_init(|| Box::new([const { Lane(AtomicU64::new(0)) }; LANE_COUNT]));
    for lane in lanes.iter() {
        lane.0.store(open, Ordering::Relaxed);
    }
    // Release: a thread that sees the flag sees the lanes open. If the slot was deleted in between, no thread looks at them.
    slot.state.fetch_or(LANES, Ordering::Release);
}

/// Counts one more reader in this thread's lane, which is open or was.
#[inline(never)]
pub(super) fn enter_lane(
    slot: &'static Slot,
    mine: u32,
) -> Result<&'static AtomicU64, HandleError> {
    let word = &slot.lanes.get().expect("open lanes exist")[lane_here()].0;
    enter(word, word.load(Ordering::Relaxed), mine)?;
    Ok(word)
}

/// Counts one more reader in a word that was last seen like this. Whether another thread was met there.
#[inline]
pub(super) fn enter(word: &AtomicU64, mut state: u64, mine: u32) -> Result<bool, HandleError> {
    let mut met = false;
    while is_alive(state, mine) {
        // Acquire: the value and its type are seen.
        match word.compare_exchange_weak(state, state + 1, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return Ok(met),
            Err(now) => (state, met) = (now, true),
        }
    }
    Err(HandleError::Unknown)
}
