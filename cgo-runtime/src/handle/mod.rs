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

mod error;
mod reading;
mod slot;
mod state;
mod table;

use core::ffi::c_void;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::Ordering;

use alloc::boxed::Box;

use self::reading::{Reading, close_lanes, give_up};
use self::slot::{Type, free};
use self::state::{
    CLOSER, DYING, LANES, OCCUPIED, READERS, after, generation, generation_of, index_of, is_alive,
    raw_of,
};
use self::table::{slot, slot_of, take_slot};
use crate::c_type::CType;
use crate::kind::Kind;

pub use self::error::HandleError;

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
/// A value that is not `Send` or not `Sync` gets a [`LocalHandle`](crate::LocalHandle). Other handles may be used from every
/// thread, and everything may be called inside [`with`](Handle::with) and inside the value's `Drop`. Reading takes two atomic
/// instructions and no lock.
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

impl<T> Clone for Handle<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Handle<T> {}

impl<T> Hash for Handle<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

/// As [`into_raw`](Handle::into_raw).
impl<T> From<Handle<T>> for usize {
    #[inline]
    fn from(handle: Handle<T>) -> usize {
        handle.into_raw()
    }
}

impl<T> fmt::Debug for Handle<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:#x})", self.raw)
    }
}

// SAFETY: `repr(transparent)` over a `usize`, which is C's `uintptr_t`.
unsafe impl<T> CType for Handle<T> {
    type Passed = Self;
    const KIND: Kind = <usize as CType>::KIND;
}

impl<T> Handle<T> {
    /// The handle that C passed as an integer. Any number is allowed: one that is not a handle is an error where it is used.
    #[must_use]
    #[inline]
    pub const fn from_raw(raw: usize) -> Self {
        Handle {
            raw,
            value: PhantomData,
        }
    }

    /// The handle that C passed as a `void *`.
    #[must_use]
    #[inline]
    pub fn from_pointer(pointer: *mut c_void) -> Self {
        Handle::from_raw(pointer.addr())
    }

    /// The number for C, a `uintptr_t`; never 0.
    #[must_use]
    #[inline]
    pub const fn into_raw(self) -> usize {
        self.raw
    }

    /// The number as a `void *`, which points to nothing and is never null.
    #[must_use]
    #[inline]
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
    #[inline]
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
        // Release: a thread that sees the state sees the value and its type.
        slot.state.store(free | OCCUPIED, Ordering::Release);
        Handle::from_raw(raw_of(generation(free), index))
    }

    /// Calls `function` with the value, which stays alive during the call even if it is deleted.
    ///
    /// # Errors
    ///
    /// If the handle is null, was deleted or never created, or its value is not a `T`.
    #[inline]
    pub fn with<R>(self, function: impl FnOnce(&T) -> R) -> Result<R, HandleError> {
        Self::read(Reading::of(self.raw)?, function)
    }

    /// [`with`](Handle::with) for callbacks, which a signal handler may call: it does not allocate.
    #[inline]
    pub(crate) fn with_in_signal<R>(
        self,
        function: impl FnOnce(&T) -> R,
    ) -> Result<R, HandleError> {
        Self::read(Reading::without_lanes(self.raw)?, function)
    }

    #[inline]
    fn read<R>(reading: Reading, function: impl FnOnce(&T) -> R) -> Result<R, HandleError> {
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
    #[inline]
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
    #[inline]
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
