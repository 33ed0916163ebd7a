//! One slot of the table: whether its value is there, who reads it, and who drops it.

use core::any::TypeId;
use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence};

use alloc::boxed::Box;
use std::sync::OnceLock;

use super::HandleError;
use super::table::{give_slot, slot_of};

/// The lower bits of a handle are the slot's index, the upper ones the generation.
pub(super) const INDEX_BITS: u32 = if usize::BITS == 64 { 32 } else { 20 };
pub(super) const LAST_GENERATION: u32 = (usize::MAX >> INDEX_BITS) as u32;

#[inline]
pub(super) const fn raw_of(generation: u32, index: u32) -> usize {
    (generation as usize) << INDEX_BITS | index as usize
}

#[inline]
pub(super) const fn generation_of(raw: usize) -> u32 {
    (raw >> INDEX_BITS) as u32
}

#[inline]
pub(super) const fn index_of(raw: usize) -> u32 {
    (raw & ((1 << INDEX_BITS) - 1)) as u32
}

// A state word: the generation in the upper half, then these bits, then the number of readers.
/// There is a value.
pub(super) const OCCUPIED: u64 = 1 << 31;
/// There is a value, which goes with its last reader.
pub(super) const DYING: u64 = 1 << 30;
/// Readers have met, and one of them opens the lanes.
pub(super) const MET: u64 = 1 << 29;
/// The lanes are open.
pub(super) const LANES: u64 = 1 << 28;
pub(super) const READERS: u64 = LANES - 1;
/// What `delete` counts for while it closes the lanes: more than there are readers.
pub(super) const CLOSER: u64 = 1 << 27;

#[inline]
pub(super) const fn generation(state: u64) -> u32 {
    (state >> 32) as u32
}

/// Whether the value of this generation is there and was not deleted.
#[inline]
pub(super) const fn is_alive(state: u64, mine: u32) -> bool {
    generation(state) == mine && state & OCCUPIED != 0
}

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
pub(super) struct Lane(AtomicU64);

// SAFETY: `value` is `Send + Sync`, and `state` says who may touch it.
unsafe impl Sync for Slot {}

impl Slot {
    /// Whether the type is this one, for a slot that was occupied.
    #[inline]
    pub(super) fn holds<T: 'static>(&self) -> bool {
        let (held, mine) = (self.ctype.load(Ordering::Relaxed), Type::of::<T>());
        // Of two types the `id` differs, so that one place is one type. One type may have several places.
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

/// Opens the lanes, for a reader that is counted in the slot's own word: the generation cannot end meanwhile.
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
    // Release: whoever sees the lanes finds them open. If the slot was deleted meanwhile, nobody looks at them.
    slot.state.fetch_or(LANES, Ordering::Release);
}

/// Closes the lanes, for the thread that has marked the slot as dying and counts as a `CLOSER` of it.
#[cold]
#[inline]
pub(super) fn close_lanes(slot: &'static Slot, index: u32, generation: u32) {
    let lanes = slot.lanes.get().expect("open lanes exist");
    // Acquire: what the readers that have left a lane did with the value comes before its end.
    let reading: u64 = lanes
        .iter()
        .map(|lane| lane.0.fetch_xor(OCCUPIED | DYING, Ordering::Acquire) & READERS)
        .sum();
    // From now on the slot's own word counts those who were still in a lane. Some may have left it already.
    leave(slot, index, generation, CLOSER - reading);
}

/// Takes so many readers off the word of a dying slot, and ends it if they were the last.
#[inline]
pub(super) fn leave(slot: &'static Slot, index: u32, generation: u32, readers: u64) {
    // Release: what they did with the value comes before its end.
    let before = slot.state.fetch_sub(readers, Ordering::Release);
    if before & READERS == readers {
        end(slot, index, generation);
    }
}

/// One reader of an occupied slot.
pub(super) struct Reading {
    pub(super) slot: &'static Slot,
    pub(super) index: u32,
    /// Where it is counted: the slot's word, or a lane.
    pub(super) word: &'static AtomicU64,
}

impl Reading {
    #[inline]
    pub(super) fn of(raw: usize) -> Result<Reading, HandleError> {
        let (slot, mine) = (slot_of(raw)?, generation_of(raw));
        // Acquire: if the lanes are open, they are seen so.
        let state = slot.state.load(Ordering::Acquire);
        // A lane speaks only for a slot that is alive: those of a slot that was deleted before they were open stay so.
        if !is_alive(state, mine) {
            return Err(HandleError::Unknown);
        }
        let index = index_of(raw);
        if state & LANES != 0 {
            let word = enter_lane(slot, mine)?;
            return Ok(Reading { slot, index, word });
        }
        let word = &slot.state;
        let met = enter(word, state, mine)?;
        let reading = Reading { slot, index, word };
        if met {
            open_lanes(slot, mine);
        }
        Ok(reading)
    }
}

impl Reading {
    /// A reader that never opens the lanes, which allocates: it may come from a signal handler.
    #[inline]
    pub(super) fn without_lanes(raw: usize) -> Result<Reading, HandleError> {
        let (slot, mine) = (slot_of(raw)?, generation_of(raw));
        let word = &slot.state;
        enter(word, word.load(Ordering::Relaxed), mine)?;
        let index = index_of(raw);
        Ok(Reading { slot, index, word })
    }
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

impl Drop for Reading {
    #[inline]
    fn drop(&mut self) {
        // Release: what this reader did with the value comes before its end.
        let before = self.word.fetch_sub(1, Ordering::Release);
        if before & DYING != 0 {
            self.left(before);
        }
    }
}

impl Reading {
    /// After the end of a reader of a dying slot, whose word was this before.
    #[cold]
    #[inline]
    pub(super) fn left(&self, before: u64) {
        if !ptr::eq(self.word, &self.slot.state) {
            // `delete` has found it in its lane, and counted it in the slot's own word.
            leave(self.slot, self.index, generation(before), 1);
        } else if before & READERS == 1 {
            end(self.slot, self.index, generation(before));
        }
    }
}

/// The state of a free slot that had this generation; 0 after the last one, which no handle has.
#[inline]
pub(super) const fn after(generation: u32) -> u64 {
    if generation == LAST_GENERATION {
        0
    } else {
        (generation as u64 + 1) << 32
    }
}

/// Ends a dying slot, whose last reader is this thread.
#[cold]
#[inline]
pub(super) fn end(slot: &'static Slot, index: u32, generation: u32) {
    // Acquire: what all readers did comes before the end.
    fence(Ordering::Acquire);
    // Nobody else writes the word of a slot that is not occupied and has no readers.
    slot.state.store(after(generation), Ordering::Relaxed);
    // SAFETY: the type of the value that is still there.
    let ctype = unsafe { &*slot.ctype.load(Ordering::Relaxed) };
    let value = give_up(slot, index, generation);
    // SAFETY: it came from a box of this type, and nobody else can reach it now.
    unsafe { (ctype.free)(value) };
}

/// Gives the slot back, and its value to the caller. Only for the thread that has ended this generation.
#[inline]
pub(super) fn give_up(slot: &'static Slot, index: u32, generation: u32) -> *mut c_void {
    // SAFETY: the slot is no longer occupied and not yet on the free list, so it is this thread's alone.
    let value = unsafe { *slot.value.get() };
    // One whose generations are used up is never taken again.
    if generation != LAST_GENERATION {
        give_slot(index);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::table::{slot, take_slot};
    use super::*;
    use crate::Handle;

    /// Nobody makes four thousand million handles in a test: the slot is set to its last generation by hand.
    #[test]
    fn a_slot_is_given_up_after_its_last_generation() {
        let index = take_slot();
        slot(index)
            .expect("made")
            .state
            .store(u64::from(LAST_GENERATION) << 32, Ordering::Relaxed);
        give_slot(index);
        let last = Handle::new(1u8);
        assert_eq!(last.into_raw(), raw_of(LAST_GENERATION, index));
        assert_eq!(last.delete(), Ok(()));
        let next = Handle::new(2u8);
        assert_ne!(index_of(next.into_raw()), index);
        for generation in [0, 1, LAST_GENERATION] {
            let forged = Handle::<u8>::from_raw(raw_of(generation, index));
            assert!(forged.get().is_err(), "{generation}");
        }
        assert_eq!(next.delete(), Ok(()));
    }
    /// A value with open lanes; it adds one to the number when it is dropped.
    fn with_lanes(drops: &'static AtomicUsize) -> Handle<Counted> {
        let handle = Handle::new(Counted(drops));
        let raw = handle.into_raw();
        let reading = Reading::of(raw).expect("just made");
        open_lanes(reading.slot, generation_of(raw));
        handle
    }

    struct Counted(&'static AtomicUsize);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_value_with_lanes_is_dropped_with_its_last_reader() {
        static DROPS: AtomicUsize = AtomicUsize::new(0);
        let handle = with_lanes(&DROPS);
        let outer = handle.with(|_| {
            handle.with(|_| handle.delete())??;
            assert_eq!(DROPS.load(Ordering::Relaxed), 0);
            assert_eq!(handle.delete(), Err(HandleError::Unknown));
            handle.with(|_| ())
        });
        assert_eq!(outer, Ok(Err(HandleError::Unknown)));
        assert_eq!(DROPS.load(Ordering::Relaxed), 1);

        let unread = with_lanes(&DROPS);
        assert_eq!(unread.delete(), Ok(()));
        assert_eq!(DROPS.load(Ordering::Relaxed), 2);
    }

    /// One reader came before the lanes, one is in a lane, and `delete` waits for both.
    #[test]
    fn readers_before_the_lanes_count_too() {
        static DROPS: AtomicUsize = AtomicUsize::new(0);
        let handle = Handle::new(Counted(&DROPS));
        let raw = handle.into_raw();
        let before = Reading::of(raw).expect("just made");
        open_lanes(before.slot, generation_of(raw));
        let in_lane = Reading::of(raw).expect("not deleted");
        assert_eq!(handle.delete(), Ok(()));
        drop(in_lane);
        assert_eq!(DROPS.load(Ordering::Relaxed), 0);
        drop(before);
        assert_eq!(DROPS.load(Ordering::Relaxed), 1);
    }

    /// Lanes that are opened only after `delete` let nobody in, then or at the slot's next value.
    #[test]
    fn lanes_that_come_too_late_stay_unused() {
        static DROPS: AtomicUsize = AtomicUsize::new(0);
        let handle = Handle::new(Counted(&DROPS));
        let raw = handle.into_raw();
        let reading = Reading::of(raw).expect("just made");
        assert_eq!(handle.delete(), Ok(()));
        open_lanes(reading.slot, generation_of(raw));
        assert_eq!(handle.with(|_| ()), Err(HandleError::Unknown));
        drop(reading);
        assert_eq!(DROPS.load(Ordering::Relaxed), 1);
        let next = with_lanes(&DROPS);
        assert_eq!(handle.with(|_| ()), Err(HandleError::Unknown));
        assert_eq!(next.with(|_| ()), Ok(()));
        assert_eq!(next.delete(), Ok(()));
        assert_eq!(DROPS.load(Ordering::Relaxed), 2);
    }
}
