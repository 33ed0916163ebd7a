//! The readers of a slot, and its end: by its last reader, or by `delete` if it has none.

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering, fence};

use super::error::HandleError;
use super::slot::{Slot, enter, enter_lane, open_lanes};
use super::state::{
    CLOSER, DYING, LANES, LAST_GENERATION, OCCUPIED, READERS, after, generation, generation_of,
    index_of, is_alive,
};
use super::table::{give_slot, slot_of};

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

    /// A reader that never opens the lanes, which allocates: it may come from a signal handler.
    #[inline]
    pub(super) fn without_lanes(raw: usize) -> Result<Reading, HandleError> {
        let (slot, mine) = (slot_of(raw)?, generation_of(raw));
        let word = &slot.state;
        enter(word, word.load(Ordering::Relaxed), mine)?;
        let index = index_of(raw);
        Ok(Reading { slot, index, word })
    }

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
    use core::sync::atomic::AtomicUsize;

    use super::super::Handle;
    use super::super::state::raw_of;
    use super::super::table::{slot, take_slot};
    use super::*;

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
