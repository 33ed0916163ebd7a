//! Stand-ins for C types that Rust has not: so many bytes, so aligned.

use core::fmt;
use core::mem::MaybeUninit;

/// The bytes of a C value whose type Rust cannot say, such as `long double` or a vector: its size and alignment are
/// right, so that it can be pointed to, copied and stand in structs and arrays.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// type LongDouble = cgo::AlignedBytes<cgo::Align16, 16>;
/// assert_eq!((size_of::<LongDouble>(), align_of::<LongDouble>()), (16, 16));
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
