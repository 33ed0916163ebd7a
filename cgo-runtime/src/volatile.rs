//! C's `volatile`: what is read and written exactly as often, and in the order, that the program says.

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;

/// What C declares `volatile`: each [`read`](Volatile::read) reads the memory, each [`write`](Volatile::write) writes it. The compiler
/// neither leaves one out nor makes one up, and keeps their order.
///
/// `c_preamble!` gives this type to volatile variables, members, elements of arrays, and to what a pointer to volatile points to. It has
/// the size, the alignment and the calling convention of `T`. Something else than the Rust program may change it at any time: a
/// signal handler, a device, a thread of C's.
///
/// Where C declares it `const` too, it is a `Volatile<T, ReadOnly>`, which has no `write`.
///
/// # Threads
///
/// As in C, `volatile` does not synchronize the program's own threads, so a `Volatile<T>` is not [`Sync`]: two Rust
/// threads share an atomic of [`core::sync::atomic`], which C may well declare as `volatile int`. A `Volatile<T, ReadOnly>` is
/// `Sync` if `T` is, since safe Rust can only read it.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// use cgo::Volatile;
///
/// let level = Volatile::new(1);
/// level.write(level.read() + 1);
/// assert_eq!(level.update(|level| level * 10), 20);
/// assert_eq!(format!("{level:?}"), "20");
/// ```
///
/// A loop that waits for C ends:
/// ```no_run
/// # use cgo_runtime as cgo;
/// # #[allow(non_snake_case)] mod C { unsafe extern "C" { pub static stop: cgo_runtime::Volatile<i32>; } }
/// while unsafe { C::stop.read() } == 0 {
///     std::thread::yield_now();
/// }
/// ```
#[repr(transparent)]
pub struct Volatile<T, A = ReadWrite> {
    value: UnsafeCell<T>,
    access: PhantomData<A>,
}

/// A [`Volatile`] that can be written, as long as C does not say `const`.
#[derive(Clone, Copy, Debug)]
pub enum ReadWrite {}

/// A [`Volatile`] that C declares `const`: the program only reads it, and something else may write it.
#[derive(Clone, Copy, Debug)]
pub enum ReadOnly {}

// SAFETY: a shared reference allows safe code nothing but reads, and these are no race among themselves. Who writes it is C, or Rust
// that casts the pointer, and says `unsafe` for it.
unsafe impl<T: Sync> Sync for Volatile<T, ReadOnly> {}

impl<T, A> Volatile<T, A> {
    /// The value, to which there is no other reference.
    #[inline]
    pub const fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The value, which is not volatile any more.
    #[inline]
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: Copy, A> Volatile<T, A> {
    /// Reads the memory.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// let level: cgo::Volatile<u8, cgo::ReadOnly> = 3.into();
    /// assert_eq!(level.read(), 3);
    /// ```
    #[inline]
    pub fn read(&self) -> T {
        // SAFETY: the reference is valid, and the type not `Sync` where another thread of Rust's could write.
        unsafe { self.value.get().read_volatile() }
    }
}

impl<T> Volatile<T> {
    /// A volatile variable of Rust's own, for a C function that wants the address of one.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// let done = cgo::Volatile::new(false);
    /// assert!(!done.read());
    /// ```
    #[inline]
    pub const fn new(value: T) -> Self {
        Volatile {
            value: UnsafeCell::new(value),
            access: PhantomData,
        }
    }

    /// Its address.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// let level = cgo::Volatile::new(1);
    /// // SAFETY: nothing else knows of it.
    /// unsafe { level.as_ptr().write_volatile(2) };
    /// assert_eq!(level.read(), 2);
    /// ```
    #[inline]
    pub const fn as_ptr(&self) -> *mut T {
        self.value.get()
    }

    /// One member of a volatile struct or union, which C reads and writes without the others. One that is volatile by itself is
    /// `(*x.as_ptr()).member`.
    ///
    /// # Safety
    ///
    /// `member` gives the address of a part of the value that it gets the address of.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// #[derive(Clone, Copy)]
    /// struct Timer { count: u32, limit: u32 }
    ///
    /// let timer = cgo::Volatile::new(Timer { count: 1, limit: 5 });
    /// // SAFETY: it is the address of a member.
    /// let limit = unsafe { timer.member(|timer| &raw mut (*timer).limit) };
    /// limit.write(6);
    /// assert_eq!((timer.read().count, limit.read()), (1, 6));
    /// ```
    #[inline]
    pub unsafe fn member<M>(&self, member: impl FnOnce(*mut T) -> *mut M) -> &Volatile<M> {
        // SAFETY: the caller promises a part of what `self` borrows, and the layout is the member's.
        unsafe { &*member(self.as_ptr()).cast() }
    }
}

impl<T: Copy> Volatile<T> {
    /// Writes the memory.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// let level = cgo::Volatile::new(1);
    /// level.write(7);
    /// assert_eq!(level.read(), 7);
    /// ```
    #[inline]
    pub fn write(&self, value: T) {
        // SAFETY: the reference is valid, the type not `Sync`, and what it holds is never borrowed.
        unsafe { self.value.get().write_volatile(value) }
    }

    /// Reads the memory once, writes what `change` makes of that, and returns it: as `level += 1` in C, which is not atomic either.
    ///
    /// # Examples
    /// ```
    /// # use cgo_runtime as cgo;
    /// let level = cgo::Volatile::new(1);
    /// assert_eq!(level.update(|level| level + 1), 2);
    /// ```
    #[inline]
    pub fn update(&self, change: impl FnOnce(T) -> T) -> T {
        let value = change(self.read());
        self.write(value);
        value
    }
}

impl<T> Volatile<T, ReadOnly> {
    /// Its address.
    #[inline]
    pub const fn as_ptr(&self) -> *const T {
        self.value.get()
    }

    /// One member of a volatile struct or union, which C reads without the others.
    ///
    /// # Safety
    ///
    /// `member` gives the address of a part of the value that it gets the address of.
    #[inline]
    pub unsafe fn member<M>(
        &self,
        member: impl FnOnce(*const T) -> *const M,
    ) -> &Volatile<M, ReadOnly> {
        // SAFETY: the caller promises a part of what `self` borrows, and the layout is the member's.
        unsafe { &*member(self.as_ptr()).cast() }
    }
}

impl<T, A> From<T> for Volatile<T, A> {
    #[inline]
    fn from(value: T) -> Self {
        Volatile {
            value: UnsafeCell::new(value),
            access: PhantomData,
        }
    }
}

impl<T: Default, A> Default for Volatile<T, A> {
    #[inline]
    fn default() -> Self {
        T::default().into()
    }
}

/// Reads the memory.
impl<T: Copy, A> Clone for Volatile<T, A> {
    #[inline]
    fn clone(&self) -> Self {
        self.read().into()
    }
}

/// Reads the memory.
impl<T: Copy + fmt::Debug, A> fmt::Debug for Volatile<T, A> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const _: fn() = || {
        fn is_sync<T: Sync>() {}
        is_sync::<Volatile<u32, ReadOnly>>();
    };

    #[test]
    fn it_is_laid_out_as_what_it_holds() {
        assert_eq!(
            (size_of::<Volatile<u16>>(), align_of::<Volatile<u16>>()),
            (2, 2)
        );
    }

    #[test]
    fn a_member_is_a_part() {
        let pair: Volatile<(u8, u32), ReadOnly> = (1, 2).into();
        // SAFETY: it is the address of a member.
        let second = unsafe { pair.member(|pair| &raw const (*pair).1) };
        assert_eq!(second.read(), 2);
    }
}
