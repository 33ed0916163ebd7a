//! The table of all slots: it grows in chunks that stay where they are, and gives out slots that are free.

use core::cell::{Cell, UnsafeCell};
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::error::HandleError;
use super::slot::Slot;
use super::state::{INDEX_BITS, index_of};

/// Chunk `n` holds 32 * 2^n slots.
pub(super) const FIRST_CHUNK_BITS: u32 = 5;
pub(super) const CHUNKS: usize = (INDEX_BITS - FIRST_CHUNK_BITS) as usize;
pub(super) static TABLE: [AtomicPtr<Slot>; CHUNKS] =
    [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS];

/// In which chunk a slot lies, and where in it.
#[inline]
pub(super) const fn place(index: u32) -> (usize, usize) {
    let shifted = index as u64 + (1 << FIRST_CHUNK_BITS);
    let chunk = shifted.ilog2() - FIRST_CHUNK_BITS;
    (
        chunk as usize,
        (shifted - (1 << (chunk + FIRST_CHUNK_BITS))) as usize,
    )
}

#[inline]
pub(super) fn slot(index: u32) -> Option<&'static Slot> {
    let (chunk, at) = place(index);
    // Acquire: the slots of a chunk are seen as they were made.
    let slots = TABLE.get(chunk)?.load(Ordering::Acquire);
    // SAFETY: a chunk has that many slots, and is never freed.
    (!slots.is_null()).then(|| unsafe { &*slots.add(at) })
}

/// The slot that a handle refers to, whatever is in it now.
#[inline]
pub(super) fn slot_of(raw: usize) -> Result<&'static Slot, HandleError> {
    match raw {
        0 => Err(HandleError::Null),
        _ => slot(index_of(raw)).ok_or(HandleError::Unknown),
    }
}

/// Makes the chunk of this slot if it is not there.
#[inline]
pub(super) fn make_chunk(index: u32) {
    let (chunk, _) = place(index);
    let entry = &TABLE[chunk];
    if !entry.load(Ordering::Acquire).is_null() {
        return;
    }
    let length = 1usize << (chunk as u32 + FIRST_CHUNK_BITS);
    let slots: Box<[Slot]> = (0..length)
        .map(|_| Slot {
            state: AtomicU64::new(1 << 32),
            ctype: AtomicPtr::new(ptr::null_mut()),
            value: UnsafeCell::new(ptr::null_mut()),
            lanes: OnceLock::new(),
        })
        .collect();
    let slots = Box::into_raw(slots).cast::<Slot>();
    let empty = ptr::null_mut();
    if entry
        .compare_exchange(empty, slots, Ordering::AcqRel, Ordering::Acquire)
        .is_err()
    {
        // SAFETY: another thread was faster, and nobody has seen this chunk.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(slots, length)) });
    }
}

/// So many free slots a thread keeps for itself; half of them go to all threads when there are more.
pub(super) const KEPT: usize = 64;
/// The slots that were never used start here.
pub(super) static UNUSED: AtomicU32 = AtomicU32::new(0);
pub(super) static FREE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The free slots that this thread keeps, the last one first.
pub(super) struct Kept {
    count: Cell<usize>,
    indices: [Cell<u32>; KEPT],
}

impl Kept {
    #[inline]
    fn take(&self) -> Option<u32> {
        let count = self.count.get().checked_sub(1)?;
        self.count.set(count);
        Some(self.indices[count].get())
    }

    #[inline]
    fn give(&self, index: u32) {
        if self.count.get() == KEPT {
            self.free(KEPT / 2);
        }
        self.indices[self.count.get()].set(index);
        self.count.set(self.count.get() + 1);
    }

    /// Gives all but the first `kept` ones to all threads.
    #[cold]
    #[inline]
    fn free(&self, kept: usize) {
        free_for_all(self.indices[kept..self.count.get()].iter().map(Cell::get));
        self.count.set(kept);
    }
}

impl Drop for Kept {
    #[inline]
    fn drop(&mut self) {
        self.free(0);
    }
}

std::thread_local! {
    static KEPT_HERE: Kept = const {
        Kept {
            count: Cell::new(0),
            indices: [const { Cell::new(0) }; KEPT],
        }
    };
}

#[inline]
pub(super) fn free_for_all(indices: impl Iterator<Item = u32>) {
    FREE.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(indices);
}

#[inline]
pub(super) fn take_slot() -> u32 {
    match KEPT_HERE.try_with(Kept::take) {
        Ok(Some(index)) => index,
        _ => take_shared_slot(),
    }
}

/// One that another thread gave back, with some more for this thread; or a new one.
#[cold]
#[inline]
pub(super) fn take_shared_slot() -> u32 {
    let mut shared = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    let start = shared.len().saturating_sub(KEPT / 2);
    let mut some = shared.split_off(start);
    drop(shared);
    if let Some(index) = some.pop() {
        some.into_iter().for_each(give_slot);
        return index;
    }
    let limit = ((1u64 << INDEX_BITS) - (1 << FIRST_CHUNK_BITS) - 1) as u32;
    #[allow(deprecated)] // Its new name, `try_update`, came after Rust 1.88.
    let index = UNUSED
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |unused| {
            (unused < limit).then(|| unused + 1)
        })
        .expect("all numbers for handles are in use");
    make_chunk(index);
    index
}

#[inline]
pub(super) fn give_slot(index: u32) {
    // When a thread ends, its own list is gone.
    if KEPT_HERE.try_with(|kept| kept.give(index)).is_err() {
        free_for_all([index].into_iter());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_every_index_once() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(31), (0, 31));
        assert_eq!(place(32), (1, 0));
        assert_eq!(place(95), (1, 63));
        assert_eq!(place(96), (2, 0));
        let last = ((1u64 << INDEX_BITS) - (1 << FIRST_CHUNK_BITS) - 1) as u32;
        assert_eq!(place(last).0, CHUNKS - 1);
    }
}
