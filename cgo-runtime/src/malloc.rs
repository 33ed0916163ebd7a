//! Owns memory from C's `malloc`: frees it when dropped, and can hand it over to C.

use alloc::alloc::{Layout, handle_alloc_error};
use core::ffi::{CStr, c_char, c_void};
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use crate::c_library::{free, malloc};
use crate::slices::{slice, slice_mut};

/// A C string in memory from C's `malloc`, freed when this is dropped: a
/// [`CString`](fn@crate::CString) that needs no call of `free`.
///
/// It derefs to [`CStr`], the string up to its first NUL, which is what C sees. Each use of the
/// length looks for the NUL again.
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
/// // Takes ownership of what C allocated with malloc:
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
    /// Copies `s` and adds a NUL. A NUL in `s` is copied like any other byte, and ends the string
    /// for C.
    ///
    /// Aborts the process if memory runs out, as Rust's own strings do.
    #[must_use]
    #[inline]
    pub fn new(s: impl AsRef<[u8]>) -> Self {
        // SAFETY: `string_copy` never returns null.
        Self(unsafe { NonNull::new_unchecked(string_copy(s.as_ref())) })
    }

    /// Takes ownership of the C string at `p`, and frees it when dropped.
    ///
    /// # Safety
    ///
    /// `p` is null, or points to a NUL-terminated string, of at most `isize::MAX` bytes, in memory
    /// from C's `malloc` (or from what builds on it: `strdup`, `asprintf`, `realpath`,
    /// [`CString`](fn@crate::CString), ..) that nobody else frees or writes to from now on.
    ///
    /// # Panics
    ///
    /// Panics if `p` is null. Where null means that a C function failed, use `check` first.
    #[must_use]
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(p: *mut c_char) -> Self {
        Self(NonNull::new(p).expect("a MallocStr cannot be made of a null pointer"))
    }

    /// Gives up ownership: the caller must call C's `free` with the pointer.
    #[must_use = "C's `free` must be called with the pointer"]
    #[inline]
    pub fn into_raw(self) -> *mut c_char {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// The string, for C functions that take a `const char *` or a `char *`. The pointer is valid as long as `self`.
    ///
    /// Many functions of C take a `char *` and only read it. One that does write must not do so while Rust has a reference
    /// to the string, as [`as_mut_ptr`](Self::as_mut_ptr) has the compiler check, and must leave a NUL in it. None may free
    /// it, or move it with `realloc`.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # mod C {
    /// #     use core::ffi::c_char;
    /// #     pub unsafe fn first(s: *mut c_char) -> c_char { unsafe { *s } }
    /// #     pub unsafe fn last(s: *const c_char) -> c_char { unsafe { *s.add(1) } }
    /// # }
    /// let text = cgo::MallocStr::new("ab"); // char first(char *); char last(const char *);
    /// assert!(unsafe { C::first(text.as_ptr()) < C::last(text.as_ptr()) });
    /// ```
    #[must_use]
    #[inline]
    pub fn as_ptr(&self) -> *mut c_char {
        self.0.as_ptr()
    }

    /// The string, for C functions that write to it: as [`as_ptr`](Self::as_ptr), while no reference to the string is there.
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

/// Bytes in memory from C's `malloc`, freed when this is dropped: a [`CBytes`](crate::CBytes) that
/// knows its length and needs no call of `free`.
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
    /// Copies `bytes`. The memory is aligned for every C type, and its address is never null.
    ///
    /// Aborts the process if memory runs out, as Rust's own vectors do.
    #[must_use]
    #[inline]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self {
            p: bytes_copy(bytes),
            len: bytes.len(),
        }
    }

    /// Takes ownership of the `len` bytes at `p`, and frees them when dropped. Null stands for no
    /// bytes if `len` is 0.
    ///
    /// # Safety
    ///
    /// `p` is null, or memory from C's `malloc` (or from what builds on it: `calloc`, `realloc`,
    /// [`CBytes`](crate::CBytes), ..) that nobody else frees, reads or writes from now on. If `len
    /// > 0`, then `p` points to `len` initialized bytes.
    ///
    /// # Panics
    ///
    /// Panics if `p` is null and `len > 0`.
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

    /// Gives up ownership: the caller must call C's `free` with the pointer.
    #[must_use = "C's `free` must be called with the pointer"]
    #[inline]
    pub fn into_raw(self) -> *mut c_void {
        ManuallyDrop::new(self).p
    }

    /// The bytes, for C functions that take a `const void *` or a `void *`. The pointer is valid as long as `self`.
    ///
    /// One that writes must not do so while Rust has a reference to the bytes, as [`as_mut_ptr`](Self::as_mut_ptr) has the compiler
    /// check. None may free them, or move them with `realloc`.
    #[must_use]
    #[inline]
    pub fn as_ptr(&self) -> *mut c_void {
        self.p
    }

    /// The bytes, for C functions that write to them: as [`as_ptr`](Self::as_ptr), while no reference to the bytes is there.
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

/// Copies `s` and a NUL into memory from `malloc`. The result is never null.
///
/// This and what it calls use little of the standard library: without optimization each generic function becomes code of the
/// caller's crate, and each costs its builds some tenths of a millisecond.
#[inline]
pub(crate) fn string_copy(s: &[u8]) -> *mut c_char {
    let p = copy(s, s.len() + 1);
    // SAFETY: this is the last of the memory's `s.len() + 1` bytes.
    unsafe { *p.wrapping_add(s.len()) = 0 };
    p.cast()
}

/// Copies `bytes` into memory from `malloc`. The result is never null.
#[inline]
pub(crate) fn bytes_copy(bytes: &[u8]) -> *mut c_void {
    let len = bytes.len();
    // `malloc(0)` may return null.
    let size = if len == 0 { 1 } else { len };
    copy(bytes, size).cast()
}

/// Allocates `size` bytes, which start with a copy of `bytes`. `size` is at least 1 and at least `bytes.len()`.
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

/// Inlined into the caller's crate, as everything that copies text for C is: a call into this crate's object code would make the
/// linker read all of that code, and its debug information, in each build.
#[cold]
#[inline]
fn out_of_memory(len: usize) -> ! {
    // SAFETY: no slice is longer than `isize::MAX`, and 1 is a power of two.
    handle_alloc_error(unsafe { Layout::from_size_align_unchecked(len, 1) })
}
