//! C arrays, which are a pointer and a number of elements, as Rust slices without a copy.

/// The C array of `n` elements at `p`, as a slice. Nothing is copied.
///
/// `n` counts elements, not bytes. With `n == 0` the slice is empty whatever `p` is, null too,
/// since C often says "no elements" so. This is `unsafe.Slice` of Go.
///
/// The lifetime `'a` is whatever the caller wants it to be. Choose one that ends before C changes
/// or frees the array: use the slice at once, or return it from a function whose signature ties it
/// to the array's owner.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::c_int;
/// # mod C {
/// #     use core::ffi::c_int;
/// #     static TABLE: [c_int; 3] = [2, 3, 5];
/// #     pub unsafe fn primes(n: *mut usize) -> *const c_int { unsafe { *n = 3 }; TABLE.as_ptr() }
/// # }
/// // const int *primes(size_t *n);
/// let mut n = 0;
/// let primes: &[c_int] = unsafe {
///     let p = C::primes(&mut n);
///     cgo::slice(p, n)
/// };
/// assert_eq!(primes, [2, 3, 5]);
/// ```
///
/// # Safety
///
/// If `n > 0`, then for all of `'a`: `p` points to `n` initialized elements, all in one allocation
/// and at most `isize::MAX` bytes together; `p` is aligned for `T`; and nothing writes to the
/// elements. A program built with debug assertions checks alignment and size.
///
/// # Panics
///
/// If `p` is null and `n > 0`.
#[must_use]
#[inline]
#[track_caller]
pub unsafe fn slice<'a, T>(p: *const T, n: usize) -> &'a [T] {
    if n == 0 {
        return &[];
    }
    if p.is_null() {
        null_with_elements(n);
    }
    // SAFETY: `p` is not null and `n` is not 0; all else that `from_raw_parts` asks for is what our
    // caller promises.
    unsafe { core::slice::from_raw_parts(p, n) }
}

/// The C array of `n` elements at `p`, as a slice that can be written to. Nothing is copied.
///
/// In all else this is [`slice`](fn@slice).
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::c_void;
/// #     unsafe extern "C" {
/// #         pub fn calloc(n: usize, size: usize) -> *mut c_void;
/// #         pub fn free(p: *mut c_void);
/// #     }
/// # }
/// unsafe {
///     let p = C::calloc(4, size_of::<u32>()).cast::<u32>();
///     let counts = cgo::slice_mut(p, 4);
///     counts[2] += 7;
///     assert_eq!(counts, [0, 0, 7, 0]);
///     C::free(p.cast());
/// }
/// ```
///
/// # Safety
///
/// If `n > 0`, then for all of `'a`: `p` points to `n` initialized elements, all in one allocation
/// and at most `isize::MAX` bytes together; `p` is aligned for `T`; and nothing but this slice
/// reads or writes the elements. A program built with debug assertions checks alignment and size.
///
/// # Panics
///
/// If `p` is null and `n > 0`.
#[must_use]
#[inline]
#[track_caller]
pub unsafe fn slice_mut<'a, T>(p: *mut T, n: usize) -> &'a mut [T] {
    if n == 0 {
        return &mut [];
    }
    if p.is_null() {
        null_with_elements(n);
    }
    // SAFETY: `p` is not null and `n` is not 0; all else that `from_raw_parts_mut` asks for is what
    // our caller promises.
    unsafe { core::slice::from_raw_parts_mut(p, n) }
}

#[cold]
#[track_caller]
#[inline]
fn null_with_elements(n: usize) -> ! {
    panic!("a C array of {n} elements cannot be at a null pointer")
}
