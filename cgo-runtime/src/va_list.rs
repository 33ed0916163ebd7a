//! Rust's list of variable arguments as C's `va_list`, and C's as Rust's: with Rust 1.99 or later, on Linux with x86-64, x86 or
//! aarch64.
//!
//! A parameter of type `va_list` is in C what the platform makes of it: a pointer to the list where the list is an array, as the
//! psABI of x86-64 has it, and elsewhere the list itself. Its type in `C` is that one, whatever the rustc, so that a program which
//! only hands a list on is the same with all of them.

use core::ffi::VaList;
use core::mem;
use core::ptr;

/// The list of a function with `...` as a C function takes it that has a parameter of type `va_list`.
///
/// ```ignore
/// #[cgo::export_c]
/// unsafe fn log(format: *const c_char, mut args: ...) {
///     unsafe { C::vprintf(format, cgo::to_va_list(&mut args)) };
/// }
/// ```
///
/// # Safety
///
/// `T` is the type of a parameter that is a `va_list` in C. It is used as long as `list` is there and does not move, and at most
/// once; after that nothing more may be read from `list`. (C17 7.16, paragraph 3, asks for the same; for a second look at the
/// arguments clone `list` first.)
#[inline]
pub unsafe fn to_va_list<T: Copy>(list: &mut VaList<'_>) -> T {
    const { prove::<T>() };
    match size_of::<T>() == size_of::<VaList<'_>>() {
        // SAFETY: `T` is the list itself, and core's documentation says that this is laid out as C's.
        true => unsafe { mem::transmute_copy(list) },
        // SAFETY: `T` is a pointer to it.
        false => unsafe { mem::transmute_copy(&ptr::from_mut(list)) },
    }
}

/// A `va_list` that C passes to a function of Rust, to read the arguments with `next_arg`.
///
/// ```ignore
/// unsafe extern "C" fn on_log(level: c_int, list: *mut C::struct___va_list_tag) {
///     let mut list = unsafe { cgo::from_va_list(list) };
///     let code: c_int = unsafe { list.next_arg() };
/// }
/// ```
///
/// # Safety
///
/// `T` is the type of a parameter that is a `va_list` in C, and `list` is one. What comes out is not used after the C function that
/// made the list has returned.
#[inline]
pub unsafe fn from_va_list<'a, T: Copy>(list: T) -> VaList<'a> {
    const { prove::<T>() };
    match size_of::<T>() == size_of::<VaList<'_>>() {
        // SAFETY: `T` is the list itself, and core's documentation says that this is laid out as C's.
        true => unsafe { mem::transmute_copy(&list) },
        false => {
            // SAFETY: `T` is a pointer to the list.
            let list: *const VaList<'a> = unsafe { mem::transmute_copy(&list) };
            // SAFETY: C gives the list away with the call, so that it may be moved from there.
            unsafe { list.read() }
        }
    }
}

/// Stops the build where `T` is neither a list nor a pointer to one.
const fn prove<T>() {
    let (size, list) = (size_of::<T>(), size_of::<VaList<'_>>());
    assert!(
        size == list || size == size_of::<*mut VaList<'_>>(),
        "this is not the type of a parameter that is a `va_list` in C"
    );
}
