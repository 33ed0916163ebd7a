//! The bits of a handle and of a slot's state word.

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

/// The state of a free slot that had this generation; 0 after the last one, which no handle has.
#[inline]
pub(super) const fn after(generation: u32) -> u64 {
    if generation == LAST_GENERATION {
        0
    } else {
        (generation as u64 + 1) << 32
    }
}
