//! Memory from C's `malloc`, owned by Rust: it frees itself, and C may take it over.

use alloc::alloc::{Layout, handle_alloc_error};
use core::ffi::{CStr, c_char, c_void};
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use crate::c_library::{free, malloc};
use crate::slices::{slice, slice_mut};

/// A C string in memory from C's `malloc`, which is freed when this is dropped. A
/// [`CString`](fn@crate::CString) that takes care of itself.
///
/// It derefs to [`CStr`], the string up to its first NUL, which is what C sees of it. That and all
/// else that needs the string's length looks for the NUL each time.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_char, c_void};
/// #     unsafe extern "C" {
/// #         pub fn strlen(s: *const c_char) -> usize;
/// #         #[cfg_attr(windows, link_name = "_strdup")]
/// #         pub fn strdup(s: *const c_char) -> *mut c_char;
/// #     }
/// # }
/// let greeting = cgo::MallocStr::new("Hello");
/// assert_eq!(unsafe { C::strlen(greeting.as_ptr()) }, 5);
///
/// // What C made with malloc can be taken over:
/// let copy = unsafe { cgo::MallocStr::from_raw(C::strdup(greeting.as_ptr())) };
/// assert_eq!(copy.to_str(), Ok("Hello"));
/// ```
pub struct MallocStr(NonNull<c_char>);

// SAFETY: the memory has this one owner, `malloc` and `free` may be called on different threads,
// and a shared reference only reads.
unsafe impl Send for MallocStr {}
// SAFETY: as for `Send`.
unsafe impl Sync for MallocStr {}

impl MallocStr {
    /// A copy of `s` with a NUL after it. A NUL in `s` is copied like any other byte, and C sees
    /// the string end there.
    ///
    /// Ends the process, as Rust's own strings do, if there is no memory left.
    #[must_use]
    #[inline]
    pub fn new(s: impl AsRef<[u8]>) -> Self {
        // SAFETY: the copy is at no null pointer.
        Self(unsafe { NonNull::new_unchecked(string_copy(s.as_ref())) })
    }

    /// Takes over the C string at `p`, to free it in the end.
    ///
    /// # Safety
    ///
    /// `p` is null, or points to a NUL-terminated string, of at most `isize::MAX` bytes, in memory
    /// from C's `malloc` (or from what builds on it: `strdup`, `asprintf`, `realpath`,
    /// [`CString`](fn@crate::CString), ..) that nobody else frees or writes to from now on.
    ///
    /// # Panics
    ///
    /// If `p` is null. Where null says that a C function failed, ask `check` first.
    #[must_use]
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(p: *mut c_char) -> Self {
        Self(NonNull::new(p).expect("a MallocStr cannot be made of a null pointer"))
    }

    /// Gives up the string: whoever takes the pointer must call C's `free` with it.
    #[must_use = "C's `free` must be called with the pointer"]
    #[inline]
    pub fn into_raw(self) -> *mut c_char {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// The string, for C functions that read it. Valid as long as `self`.
    #[must_use]
    #[inline]
    pub fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr()
    }

    /// The string, for C functions that write to it. Valid as long as `self`.
    ///
    /// They must leave a NUL in it, and must neither free it nor move it with `realloc`.
    #[must_use]
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut c_char {
        self.0.as_ptr()
    }
}

impl Deref for MallocStr {
    type Target = CStr;

    #[inline]
    fn deref(&self) -> &CStr {
        // SAFETY: there is a NUL in our memory, by `new` or by the promise made to `from_raw`, and
        // whoever writes through `as_mut_ptr` leaves one. Nothing writes or frees while `self` is
        // borrowed.
        unsafe { CStr::from_ptr(self.as_ptr()) }
    }
}

impl fmt::Debug for MallocStr {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Drop for MallocStr {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the memory is from `malloc` and ours alone; after `drop` nobody has the pointer.
        unsafe { free(self.0.as_ptr().cast()) }
    }
}

/// Bytes in memory from C's `malloc`, which is freed when this is dropped. A
/// [`CBytes`](crate::CBytes) that takes care of itself and knows its length.
///
/// ```
/// # use cgo_runtime as cgo;
/// # mod C {
/// #     use core::ffi::{c_int, c_void};
/// #     unsafe extern "C" { pub fn memset(p: *mut c_void, c: c_int, n: usize) -> *mut c_void; }
/// # }
/// let mut buffer = cgo::MallocBytes::new([0; 16]);
/// unsafe { C::memset(buffer.as_mut_ptr(), 7, buffer.len()) };
/// buffer[0] = 1;
/// assert_eq!(buffer[..3], [1, 7, 7]);
/// ```
pub struct MallocBytes {
    /// Null only if `from_raw` was given null, with a length of 0.
    p: *mut c_void,
    len: usize,
}

// SAFETY: the memory has this one owner, `malloc` and `free` may be called on different threads,
// and a shared reference only reads.
unsafe impl Send for MallocBytes {}
// SAFETY: as for `Send`.
unsafe impl Sync for MallocBytes {}

impl MallocBytes {
    /// A copy of `bytes`. Its memory is aligned for every C type, and is never at null.
    ///
    /// Ends the process, as Rust's own vectors do, if there is no memory left.
    #[must_use]
    #[inline]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self {
            p: bytes_copy(bytes),
            len: bytes.len(),
        }
    }

    /// Takes over the `len` bytes at `p`, to free them in the end. Null with `len == 0` is no
    /// bytes.
    ///
    /// # Safety
    ///
    /// `p` is null, or memory from C's `malloc` (or from what builds on it: `calloc`, `realloc`,
    /// [`CBytes`](crate::CBytes), ..) that nobody else frees, reads or writes from now on. If `len
    /// > 0`, then `p` points to `len` initialized bytes.
    ///
    /// # Panics
    ///
    /// If `p` is null and `len > 0`.
    #[must_use]
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(p: *mut c_void, len: usize) -> Self {
        assert!(
            !p.is_null() || len == 0,
            "{len} bytes from C cannot be at a null pointer"
        );
        Self { p, len }
    }

    /// Gives up the bytes: whoever takes the pointer must call C's `free` with it.
    #[must_use = "C's `free` must be called with the pointer"]
    #[inline]
    pub fn into_raw(self) -> *mut c_void {
        ManuallyDrop::new(self).p
    }

    /// The bytes, for C functions that read them. Valid as long as `self`.
    #[must_use]
    #[inline]
    pub fn as_ptr(&self) -> *const c_void {
        self.p
    }

    /// The bytes, for C functions that write to them. Valid as long as `self`.
    ///
    /// They must neither free them nor move them with `realloc`.
    #[must_use]
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut c_void {
        self.p
    }
}

impl Deref for MallocBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: `len` initialized bytes are at `p`, by `new` or by the promise made to
        // `from_raw`. Nothing writes to them or frees them while `self` is borrowed.
        unsafe { slice(self.p.cast(), self.len) }
    }
}

impl DerefMut for MallocBytes {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`, and while `self` is borrowed mutably nothing else reads or writes
        // the bytes.
        unsafe { slice_mut(self.p.cast(), self.len) }
    }
}

impl fmt::Debug for MallocBytes {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Drop for MallocBytes {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the memory is from `malloc` and ours alone, or null, which `free` ignores; after
        // `drop` nobody has the pointer.
        unsafe { free(self.p) }
    }
}

/// A copy of `s` with a NUL after it, in memory from `malloc`, never null.
///
/// This and what it calls has few words of the standard library: without optimization each of these becomes an object file of the
/// caller's crate, which costs every build of it some tenths of a millisecond.
#[inline]
pub(crate) fn string_copy(s: &[u8]) -> *mut c_char {
    let p = copy(s, s.len() + 1);
    // SAFETY: of the memory's `s.len() + 1` bytes this is the last.
    unsafe { *p.wrapping_add(s.len()) = 0 };
    p.cast()
}

/// A copy of `bytes` in memory from `malloc`, never null.
#[inline]
pub(crate) fn bytes_copy(bytes: &[u8]) -> *mut c_void {
    let len = bytes.len();
    // `malloc(0)` may return null.
    let size = if len == 0 { 1 } else { len };
    copy(bytes, size).cast()
}

/// `size` bytes from `malloc`, of which the first are a copy of `bytes`. `size` is neither 0 nor less than their number.
#[inline]
fn copy(bytes: &[u8], size: usize) -> *mut u8 {
    // SAFETY: `malloc` may be called with any size.
    let p = unsafe { malloc(size) }.cast::<u8>();
    if p.is_null() {
        out_of_memory(bytes.len());
    }
    // SAFETY: `p` is new memory of at least as many bytes, so it cannot overlap `bytes`.
    unsafe { bytes.as_ptr().copy_to_nonoverlapping(p, bytes.len()) };
    p
}

/// In the caller's crate as all that copies text for C is: a call into this crate's own object code would have the linker take
/// in all of it, and its debug information, at each build.
#[cold]
#[inline]
fn out_of_memory(len: usize) -> ! {
    // SAFETY: no slice is longer than `isize::MAX`, and 1 is a power of two.
    handle_alloc_error(unsafe { Layout::from_size_align_unchecked(len, 1) })
}
