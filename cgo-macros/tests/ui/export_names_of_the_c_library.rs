#![forbid(unsafe_op_in_unsafe_fn)]

use std::ffi::{c_int, c_void};

#[cgo::export_c(name = "malloc")]
fn allocate(_: usize) -> *mut c_void {
    8 as *mut c_void
}

#[cgo::export_c]
fn getpid() -> c_int {
    1
}

#[cgo::export_c]
static environ: c_int = 1;

#[cgo::export_c(unsafe name = "my_own")]
fn vouched_for() {}

/// A type has no symbol.
#[cgo::export_c]
#[repr(C)]
struct stat {
    size: c_int,
}

fn main() {}
