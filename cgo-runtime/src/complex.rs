//! C's complex numbers, where the crate num-complex is not wanted.

/// A complex number as C lays it out: C11 6.2.5, paragraph 13, the real part first, then the imaginary.
///
/// With the feature `complex` this is `num_complex::Complex`, which has arithmetic.
///
/// # Examples
/// ```
/// # use cgo_runtime as cgo;
/// let z = cgo::Complex { re: 1.0f32, im: -2.0 };
/// assert_eq!(size_of_val(&z), 8);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Complex<T> {
    /// The real part, C's `creal`.
    pub re: T,
    /// The imaginary part, C's `cimag`.
    pub im: T,
}
