//! Stand-ins for C types that Rust does not have: bytes with a size and an alignment.

use core::cell::UnsafeCell;
use core::fmt;
use core::mem::MaybeUninit;

/// The bytes of a C value whose type Rust does not have, such as `long double` or a vector: `N` bytes, as aligned as `A`. So it can
/// be pointed to, copied, and be a part of structs and arrays.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// type Vector = cgo::AlignedBytes<u64, 32>; // as aligned as a `u64`
/// assert_eq!((size_of::<Vector>(), align_of::<Vector>()), (32, align_of::<u64>()));
/// ```
#[repr(C)]
#[derive(Clone, Copy)]
pub struct AlignedBytes<A: Copy, const N: usize> {
    alignment: [A; 0],
    /// The bytes in memory order; C may leave some without a value.
    pub bytes: [MaybeUninit<u8>; N],
}

impl<A: Copy, const N: usize> Default for AlignedBytes<A, N> {
    /// All zeroes.
    #[inline]
    fn default() -> Self {
        AlignedBytes {
            alignment: [],
            bytes: [MaybeUninit::new(0); N],
        }
    }
}

impl<A: Copy, const N: usize> fmt::Debug for AlignedBytes<A, N> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AlignedBytes<{N}>")
    }
}

/// The bytes of a C value that is `_Atomic` and of a type that Rust has no atomic for, such as `_Atomic double`.
///
/// Its size and alignment are those of C, and its value may change behind a shared reference, since a thread of C may write it. Only C
/// can read and write it as an atomic: Rust gives it the address.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// type AtomicDouble = cgo::AtomicBytes<f64, 8>;
/// let mut real = AtomicDouble::default();
/// // SAFETY: the bytes are those of a `double`, and nothing else knows of them.
/// unsafe { real.as_ptr().cast::<f64>().write(1.5) };
/// assert_eq!(unsafe { real.get_mut().bytes[7].assume_init() }, if cfg!(target_endian = "little") { 0x3f } else { 0 });
/// ```
#[repr(transparent)]
pub struct AtomicBytes<A: Copy, const N: usize>(UnsafeCell<AlignedBytes<A, N>>);

// SAFETY: a shared reference gives safe code the address and nothing else.
unsafe impl<A: Copy, const N: usize> Sync for AtomicBytes<A, N> {}

impl<A: Copy, const N: usize> AtomicBytes<A, N> {
    /// The address, for C.
    #[inline]
    pub const fn as_ptr(&self) -> *mut AlignedBytes<A, N> {
        self.0.get()
    }

    /// The bytes, which nothing else can write as long as this borrows them.
    #[inline]
    pub const fn get_mut(&mut self) -> &mut AlignedBytes<A, N> {
        self.0.get_mut()
    }
}

impl<A: Copy, const N: usize> From<AlignedBytes<A, N>> for AtomicBytes<A, N> {
    #[inline]
    fn from(bytes: AlignedBytes<A, N>) -> Self {
        AtomicBytes(UnsafeCell::new(bytes))
    }
}

impl<A: Copy, const N: usize> Default for AtomicBytes<A, N> {
    /// All zeroes.
    #[inline]
    fn default() -> Self {
        AlignedBytes::default().into()
    }
}

impl<A: Copy, const N: usize> fmt::Debug for AtomicBytes<A, N> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AtomicBytes<{N}>")
    }
}

macro_rules! alignments {
    ($($name:ident $align:literal)*) => {$(
        #[doc = concat!("An alignment of ", $align, " bytes, for [`AlignedBytes`].")]
        #[repr(align($align))]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
    )*};
}

alignments! {
    Align1 1 Align2 2 Align4 4 Align8 8 Align16 16 Align32 32 Align64 64 Align128 128 Align256 256 Align512 512
    Align1024 1024 Align2048 2048 Align4096 4096
}
