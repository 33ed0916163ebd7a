//! The zeroes that C's records start from.

/// A value whose bytes are all zero.
///
/// rustc looks into the type of a `core::mem::zeroed()` for parts that must not be zero. A record of C may be nested so deeply that this
/// takes forever. In this function the type is generic, so rustc does not look.
///
/// # Safety
///
/// All-zero bytes are a value of the type.
#[doc(hidden)]
#[inline]
pub unsafe fn zeroed<T>() -> T {
    // SAFETY: the caller says so.
    unsafe { core::mem::zeroed() }
}
