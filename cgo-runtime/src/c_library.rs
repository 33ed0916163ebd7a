//! The functions of the C library that the runtime calls.

#[cfg(any(unix, windows, target_os = "wasi"))]
pub(crate) use libc::{free, malloc};

#[cfg(all(feature = "std", any(unix, windows, target_os = "wasi")))]
pub(crate) use errno::{errno, set_errno};

// The crate `libc` knows no other systems: there the C library that the program is linked with has them.
#[cfg(not(any(unix, windows, target_os = "wasi")))]
unsafe extern "C" {
    pub(crate) fn malloc(size: usize) -> *mut core::ffi::c_void;
    pub(crate) fn free(p: *mut core::ffi::c_void);
}

#[cfg(all(feature = "std", any(unix, windows, target_os = "wasi")))]
mod errno {
    use core::ffi::c_int;

    // Every C library has a name of its own for the function that says where errno is.
    #[cfg(any(target_os = "illumos", target_os = "solaris"))]
    use libc::___errno as address;
    #[cfg(any(
        target_os = "android",
        target_os = "cygwin",
        target_os = "netbsd",
        target_os = "openbsd"
    ))]
    use libc::__errno as address;
    #[cfg(any(
        target_os = "dragonfly",
        target_os = "emscripten",
        target_os = "hurd",
        target_os = "linux",
        target_os = "redox",
        target_os = "wasi"
    ))]
    use libc::__errno_location as address;
    #[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
    use libc::__error as address;
    #[cfg(target_os = "haiku")]
    use libc::_errnop as address;

    // Microsoft's documentation of `errno`; the crate `libc` does not have it.
    #[cfg(windows)]
    unsafe extern "C" {
        #[link_name = "_errno"]
        fn address() -> *mut c_int;
    }

    /// This thread's errno.
    #[inline]
    pub(crate) fn errno() -> c_int {
        // SAFETY: the address is that of this thread's errno, which lives as long as the thread.
        unsafe { *address() }
    }

    /// Sets this thread's errno.
    #[inline]
    pub(crate) fn set_errno(value: c_int) {
        // SAFETY: as in `errno`; no reference to it is ever made, so writing to it disturbs nobody.
        unsafe { *address() = value }
    }
}
