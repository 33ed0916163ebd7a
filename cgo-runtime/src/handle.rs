//! Rust values that C knows by a number: [`Handle`].
//!
//! The table is a list of slots that never move and are never freed. One atomic word per slot holds its generation, its
//! state and how many threads are reading it, so that reading takes no lock, and threads that use different handles
//! share nothing. Only a handle of the value that is in a slot changes this word, so that a free slot belongs to its
//! thread alone.
//!
//! Threads that read one and the same handle would pass this word to and fro. The first one that meets another there opens
//! the slot's lanes, which are more such words: then each thread counts itself in its own lane, and `delete` closes them
//! all.

use core::any::TypeId;
use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::{CType, Kind};

/// A Rust value that C keeps as a `uintptr_t` or a `void *`, and gives back in a callback: cgo's `cgo.Handle`.
///
/// C must not hold pointers to values that Rust moves or frees, and has no type for most of them. A handle is a number:
/// C can store and copy it, compare it, and pass it on, and misuse is an error instead of undefined behaviour.
///
/// | cgo | here |
/// | --- | --- |
/// | `h := cgo.NewHandle(v)` | `let h = Handle::new(v)` |
/// | `C.f(C.uintptr_t(h))` | `C::f(h.into_raw())`, or `h.into_pointer()` for a `void *` |
/// | `cgo.Handle(n).Value().(T)` | `Handle::<T>::from_raw(n).with(..)?`, or `.get()?` for a clone |
/// | `h.Delete()` | `h.delete()?` |
///
/// 0 and null are never handles, and no number is used for a second value, so that a handle which outlives its value
/// finds nothing. The value lives until [`delete`](Handle::delete): forgetting that is a leak, as `malloc` without `free`.
///
/// Handles may be used from every thread, and everything may be called inside [`with`](Handle::with) and inside the
/// value's `Drop`. Reading takes two atomic instructions and no lock.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// use cgo::Handle;
/// use std::ffi::{c_int, c_void};
/// use std::sync::Mutex;
///
/// // What C calls, with the pointer that it was given beside the function.
/// extern "C" fn on_row(context: *mut c_void, value: c_int) {
///     let rows = Handle::<Mutex<Vec<c_int>>>::from_pointer(context);
///     let _ = rows.with(|rows| rows.lock().unwrap().push(value));
/// }
///
/// let rows = Handle::new(Mutex::new(Vec::<c_int>::new()));
/// on_row(rows.into_pointer(), 3); // C does this
/// assert_eq!(rows.with(|rows| rows.lock().unwrap().len()), Ok(1));
///
/// rows.delete()?;
/// assert_eq!(rows.delete(), Err(cgo::HandleError::Unknown));
/// # Ok::<(), cgo::HandleError>(())
/// ```
#[repr(transparent)]
pub struct Handle<T> {
    raw: usize,
    value: PhantomData<fn() -> T>,
}

/// Why a handle has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandleError {
    /// It is 0 or null.
    Null,
    /// Its value was deleted, or there never was one.
    Unknown,
    /// Its value has another type.
    WrongType,
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HandleError::Null => "the handle is null",
            HandleError::Unknown => "no value has this handle: it was deleted, or never made",
            HandleError::WrongType => "the value of this handle has another type",
        })
    }
}

impl core::error::Error for HandleError {}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Handle<T> {}

impl<T> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:#x})", self.raw)
    }
}

// SAFETY: `repr(transparent)` over a `usize`, which is C's `uintptr_t`.
unsafe impl<T> CType for Handle<T> {
    const KIND: Kind = <usize as CType>::KIND;
}

impl<T> Handle<T> {
    /// The handle that C passed as an integer. Any number is allowed: one that is no handle is an error where it is used.
    #[must_use]
    pub const fn from_raw(raw: usize) -> Self {
        Handle {
            raw,
            value: PhantomData,
        }
    }

    /// The handle that C passed as a `void *`.
    #[must_use]
    pub fn from_pointer(pointer: *mut c_void) -> Self {
        Handle::from_raw(pointer.addr())
    }

    /// The number for C, a `uintptr_t`; never 0.
    #[must_use]
    pub const fn into_raw(self) -> usize {
        self.raw
    }

    /// The number as a `void *`, which points to nothing and is never null.
    #[must_use]
    pub const fn into_pointer(self) -> *mut c_void {
        ptr::without_provenance_mut(self.raw)
    }
}

impl<T: Send + Sync + 'static> Handle<T> {
    /// A handle for this value, which lives until [`delete`](Handle::delete).
    ///
    /// # Panics
    ///
    /// If there are as many values as numbers: 4 294 967 263, or 1 048 543 where pointers have 32 bits.
    #[must_use]
    pub fn new(value: T) -> Self {
        let index = take_slot();
        let slot = slot(index).expect("a slot that was handed out exists");
        let pointer = Box::into_raw(Box::new(value));
        // SAFETY: the slot was free and is this thread's alone: others read the value only in the state OCCUPIED.
        unsafe { *slot.value.get() = pointer.cast() };
        slot.ctype
            .store(ptr::from_ref(Type::of::<T>()).cast_mut(), Ordering::Relaxed);
        // Nobody else writes the word of a free slot.
        let free = slot.state.load(Ordering::Relaxed);
        // Release: whoever sees the state sees the value and its type.
        slot.state.store(free | OCCUPIED, Ordering::Release);
        Handle::from_raw(raw_of(generation(free), index))
    }

    /// Calls `function` with the value, which stays alive meanwhile even if it is deleted.
    ///
    /// # Errors
    ///
    /// If the handle is null, was deleted or never made, or its value is no `T`.
    pub fn with<R>(self, function: impl FnOnce(&T) -> R) -> Result<R, HandleError> {
        let reading = Reading::of(self.raw)?;
        if !reading.slot.holds::<T>() {
            return Err(HandleError::WrongType);
        }
        // SAFETY: it was occupied when this reader came, and the value stays while there is a reader.
        let value = unsafe { *reading.slot.value.get() };
        // SAFETY: the type is this one, and the value is not freed while it is being read.
        Ok(function(unsafe { &*value.cast::<T>() }))
    }

    /// A clone of the value.
    ///
    /// # Errors
    ///
    /// As for [`with`](Handle::with).
    pub fn get(self) -> Result<T, HandleError>
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Ends the handle and drops the value: here, or where the last [`with`](Handle::with) of it returns.
    ///
    /// # Errors
    ///
    /// As for [`with`](Handle::with): a second `delete` is [`HandleError::Unknown`].
    pub fn delete(self) -> Result<(), HandleError> {
        let (slot, mine) = (slot_of(self.raw)?, generation_of(self.raw));
        let mut state = slot.state.load(Ordering::Acquire);
        loop {
            if !is_alive(state, mine) {
                return Err(HandleError::Unknown);
            }
            // It is the type of this generation, or the exchange below fails: a later one comes only after another
            // thread has ended this one.
            if !slot.holds::<T>() {
                let still = slot.state.load(Ordering::Acquire);
                return Err(match is_alive(still, mine) {
                    true => HandleError::WrongType,
                    false => HandleError::Unknown,
                });
            }
            let alone = state & (READERS | LANES) == 0;
            let dying = (state & !OCCUPIED) | DYING;
            let ended = match alone {
                true => after(mine),
                false if state & LANES == 0 => dying,
                false => dying + CLOSER,
            };
            // Acquire: what readers did with the value comes before its end.
            match slot.state.compare_exchange_weak(
                state,
                ended,
                Ordering::Acquire,
                Ordering::Acquire,
            ) {
                Ok(_) if alone => {
                    let value = give_up(slot, index_of(self.raw), mine);
                    // SAFETY: it came from a box of this type, and nobody else can reach it now.
                    unsafe { free::<T>(value) };
                    return Ok(());
                }
                Ok(_) => {
                    if state & LANES != 0 {
                        close_lanes(slot, index_of(self.raw), mine);
                    }
                    return Ok(());
                }
                Err(now) => state = now,
            }
        }
    }
}

/// The lower bits of a handle are the slot's index, the upper ones the generation.
const INDEX_BITS: u32 = if usize::BITS == 64 { 32 } else { 20 };
const LAST_GENERATION: u32 = (usize::MAX >> INDEX_BITS) as u32;

const fn raw_of(generation: u32, index: u32) -> usize {
    (generation as usize) << INDEX_BITS | index as usize
}

const fn generation_of(raw: usize) -> u32 {
    (raw >> INDEX_BITS) as u32
}

const fn index_of(raw: usize) -> u32 {
    (raw & ((1 << INDEX_BITS) - 1)) as u32
}

// A state word: the generation in the upper half, then these bits, then the number of readers.
/// There is a value.
const OCCUPIED: u64 = 1 << 31;
/// There is a value, which goes with its last reader.
const DYING: u64 = 1 << 30;
/// Readers have met, and one of them opens the lanes.
const MET: u64 = 1 << 29;
/// The lanes are open.
const LANES: u64 = 1 << 28;
const READERS: u64 = LANES - 1;
/// What `delete` counts for while it closes the lanes: more than there are readers.
const CLOSER: u64 = 1 << 27;

const fn generation(state: u64) -> u32 {
    (state >> 32) as u32
}

/// Whether the value of this generation is there and was not deleted.
const fn is_alive(state: u64, mine: u32) -> bool {
    generation(state) == mine && state & OCCUPIED != 0
}

/// Apart from its neighbours, so that threads with different handles do not slow each other down.
#[repr(align(128))]
struct Slot {
    state: AtomicU64,
    /// The type of the value that is or was there; null before the first one.
    ctype: AtomicPtr<Type>,
    /// Written by who took the slot from the free list, read by readers of an occupied one.
    value: UnsafeCell<*mut c_void>,
    /// Made when readers first meet here, and kept for the slot's later values.
    lanes: OnceLock<Box<[Lane; LANE_COUNT]>>,
}

/// Threads are dealt out to so many lanes of a slot.
const LANE_COUNT: usize = 16;

/// A state word of some threads' readers, which is occupied only while the slot is, and dying where `delete` has closed
/// it. On a cache line of its own.
#[repr(align(128))]
struct Lane(AtomicU64);

// SAFETY: `value` is `Send + Sync`, and `state` says who may touch it.
unsafe impl Sync for Slot {}

impl Slot {
    /// Whether the type is this one, for a slot that was occupied.
    #[inline]
    fn holds<T: 'static>(&self) -> bool {
        let (held, mine) = (self.ctype.load(Ordering::Relaxed), Type::of::<T>());
        // Of two types the `id` differs, so that one place is one type. One type may have several places.
        // SAFETY: not null after the first value, and then it is from `Type::of`.
        ptr::eq(held, mine) || unsafe { ((*held).id)() == (mine.id)() }
    }
}

/// What the table knows of a value's type.
struct Type {
    id: fn() -> TypeId,
    free: unsafe fn(*mut c_void),
}

impl Type {
    #[inline]
    fn of<T: 'static>() -> &'static Type {
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
unsafe fn free<T>(value: *mut c_void) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(value.cast::<T>()) });
}

/// Which lane a thread uses.
fn lane_here() -> usize {
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
fn open_lanes(slot: &Slot, generation: u32) {
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
fn close_lanes(slot: &'static Slot, index: u32, generation: u32) {
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
fn leave(slot: &'static Slot, index: u32, generation: u32, readers: u64) {
    // Release: what they did with the value comes before its end.
    let before = slot.state.fetch_sub(readers, Ordering::Release);
    if before & READERS == readers {
        end(slot, index, generation);
    }
}

/// One reader of an occupied slot.
struct Reading {
    slot: &'static Slot,
    index: u32,
    /// Where it is counted: the slot's word, or a lane.
    word: &'static AtomicU64,
}

impl Reading {
    #[inline]
    fn of(raw: usize) -> Result<Reading, HandleError> {
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

/// Counts one more reader in this thread's lane, which is open or was.
#[inline(never)]
fn enter_lane(slot: &'static Slot, mine: u32) -> Result<&'static AtomicU64, HandleError> {
    let word = &slot.lanes.get().expect("open lanes exist")[lane_here()].0;
    enter(word, word.load(Ordering::Relaxed), mine)?;
    Ok(word)
}

/// Counts one more reader in a word that was last seen like this. Whether another thread was met there.
#[inline]
fn enter(word: &AtomicU64, mut state: u64, mine: u32) -> Result<bool, HandleError> {
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
    fn left(&self, before: u64) {
        if !ptr::eq(self.word, &self.slot.state) {
            // `delete` has found it in its lane, and counted it in the slot's own word.
            leave(self.slot, self.index, generation(before), 1);
        } else if before & READERS == 1 {
            end(self.slot, self.index, generation(before));
        }
    }
}

/// The state of a free slot that had this generation; 0 after the last one, which no handle has.
const fn after(generation: u32) -> u64 {
    if generation == LAST_GENERATION {
        0
    } else {
        (generation as u64 + 1) << 32
    }
}

/// Ends a dying slot, whose last reader is this thread.
#[cold]
fn end(slot: &'static Slot, index: u32, generation: u32) {
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
fn give_up(slot: &'static Slot, index: u32, generation: u32) -> *mut c_void {
    // SAFETY: the slot is no longer occupied and not yet on the free list, so it is this thread's alone.
    let value = unsafe { *slot.value.get() };
    // One whose generations are used up is never taken again.
    if generation != LAST_GENERATION {
        give_slot(index);
    }
    value
}

/// Chunk `n` holds 32 * 2^n slots.
const FIRST_CHUNK_BITS: u32 = 5;
const CHUNKS: usize = (INDEX_BITS - FIRST_CHUNK_BITS) as usize;
static TABLE: [AtomicPtr<Slot>; CHUNKS] = [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS];

/// In which chunk a slot lies, and where in it.
const fn place(index: u32) -> (usize, usize) {
    let shifted = index as u64 + (1 << FIRST_CHUNK_BITS);
    let chunk = shifted.ilog2() - FIRST_CHUNK_BITS;
    (
        chunk as usize,
        (shifted - (1 << (chunk + FIRST_CHUNK_BITS))) as usize,
    )
}

#[inline]
fn slot(index: u32) -> Option<&'static Slot> {
    let (chunk, at) = place(index);
    // Acquire: the slots of a chunk are seen as they were made.
    let slots = TABLE.get(chunk)?.load(Ordering::Acquire);
    // SAFETY: a chunk has that many slots, and is never freed.
    (!slots.is_null()).then(|| unsafe { &*slots.add(at) })
}

/// The slot that a handle speaks of, whatever is in it now.
#[inline]
fn slot_of(raw: usize) -> Result<&'static Slot, HandleError> {
    match raw {
        0 => Err(HandleError::Null),
        _ => slot(index_of(raw)).ok_or(HandleError::Unknown),
    }
}

/// Makes the chunk of this slot if it is not there.
fn make_chunk(index: u32) {
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
const KEPT: usize = 64;
/// The slots that were never used start here.
static UNUSED: AtomicU32 = AtomicU32::new(0);
static FREE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The free slots that this thread keeps, the last one first.
struct Kept {
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
    fn free(&self, kept: usize) {
        free_for_all(self.indices[kept..self.count.get()].iter().map(Cell::get));
        self.count.set(kept);
    }
}

impl Drop for Kept {
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

fn free_for_all(indices: impl Iterator<Item = u32>) {
    FREE.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(indices);
}

#[inline]
fn take_slot() -> u32 {
    match KEPT_HERE.try_with(Kept::take) {
        Ok(Some(index)) => index,
        _ => take_shared_slot(),
    }
}

/// One that another thread gave back, with some more for this thread; or a new one.
#[cold]
fn take_shared_slot() -> u32 {
    let mut shared = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    let start = shared.len().saturating_sub(KEPT / 2);
    let mut some = shared.split_off(start);
    drop(shared);
    if let Some(index) = some.pop() {
        some.into_iter().for_each(give_slot);
        return index;
    }
    let limit = ((1u64 << INDEX_BITS) - (1 << FIRST_CHUNK_BITS) - 1) as u32;
    let index = UNUSED
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |unused| {
            (unused < limit).then(|| unused + 1)
        })
        .expect("there are no more numbers for handles");
    make_chunk(index);
    index
}

#[inline]
fn give_slot(index: u32) {
    // At a thread's end there is no place of its own any more.
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
