//! The run-time part of `cgo`: what a program that calls C needs while it runs. The crate `cgo`
//! re-exports all of it.
//!
//! - Strings and bytes, copied from Rust to C ([`CString`], [`CBytes`], and `MallocStr`,
//!   `MallocBytes`, which free themselves) and from C to Rust ([`GoString`], [`GoStringN`],
//!   [`GoBytes`], and the `try_` forms, which return errors).
//! - C arrays as Rust slices without a copy: [`slice()`], [`slice_mut`].
//! - Rust values that C knows by a number: `Handle`, and `LocalHandle` for those of one thread.
//! - C's errors as Rust's: `with_errno`, `check`.
//! - What C declares `volatile`: [`Volatile`].
//! - Rust closures that C calls, with user data or without: `callback`.
//!
//! # Features
//!
//! - `std` (on by default): the standard library. Without it `with_errno` and `check` are left out,
//!   since they return `std::io::Error`, and so are `Handle` and `callback`, which need threads and
//!   panics.
//! - `alloc` (on by default, a part of `std`): the crate `alloc`, and a C library with `malloc` and
//!   `free`. Without it there is nothing that copies ([`CString`], [`GoBytes`], `MallocStr`, ..), and an
//!   exported function cannot take or return a `Box`. All else works on a machine without memory to
//!   allocate.
//! - `complex`: C's complex numbers are `Complex` of the crate `num-complex`, which
//!   has arithmetic; without it a plain struct of the same layout.

#![no_std]
// Every function is `#[inline]`, also those that no compiler would inline: then the machine code is made in the program that
// uses it, and the linker reads none of this crate's object files for a program that does not.
#![warn(clippy::missing_inline_in_public_items)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(not(all(feature = "std", any(unix, windows, target_os = "wasi"))))]
mod absent;
mod bits;
#[cfg(feature = "alloc")]
mod c_library;
mod c_type;
#[cfg(feature = "std")]
pub mod callback;
#[cfg(not(feature = "complex"))]
mod complex;
mod debug;
mod enumeration;
#[cfg(all(feature = "std", any(unix, windows, target_os = "wasi")))]
mod errno;
mod export;
#[doc(hidden)]
pub mod generated;
#[cfg(feature = "std")]
mod handle;
mod imported;
mod kind;
mod layout;
mod lengths;
#[cfg(feature = "std")]
mod local_handle;
#[cfg(feature = "alloc")]
mod malloc;
mod message;
mod slices;
mod stand_ins;
#[cfg(feature = "alloc")]
mod strings;
#[cfg(feature = "alloc")]
mod text_pointee;
#[cfg(feature = "std")]
mod thread;
#[cfg(known_va_list)]
mod va_list;
mod validity;
mod volatile;
mod zeroed;

#[cfg(not(all(feature = "std", any(unix, windows, target_os = "wasi"))))]
pub use absent::*;
pub use c_type::CType;
#[cfg(feature = "std")]
pub use callback::{Callback, OwnedCallback, TooManyCallbacks, callback};
#[cfg(not(feature = "complex"))]
pub use complex::Complex;
#[cfg(all(feature = "std", any(unix, windows, target_os = "wasi")))]
pub use errno::{Failure, check, set_errno, with_errno};
pub use export::{Bytes, Str};
#[cfg(feature = "std")]
pub use handle::{Handle, HandleError};
pub use imported::{CLayout, Zero};
#[cfg(feature = "std")]
pub use local_handle::LocalHandle;
#[cfg(feature = "alloc")]
pub use malloc::{MallocBytes, MallocStr};
#[cfg(feature = "complex")]
pub use num_complex::Complex;
pub use slices::{slice, slice_mut};
pub use stand_ins::{AlignedBytes, AtomicBytes};
#[cfg(feature = "alloc")]
pub use strings::{
    CBytes, CString, FromCError, GoBytes, GoString, GoStringN, try_go_bytes, try_go_string,
    try_go_string_n,
};
#[cfg(feature = "alloc")]
pub use text_pointee::Byte;
#[cfg(known_va_list)]
pub use va_list::{from_va_list, to_va_list};
pub use validity::Unchecked;
pub use volatile::{ReadOnly, ReadWrite, Volatile};
