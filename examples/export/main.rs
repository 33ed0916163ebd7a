//! A C file of its own calls exported Rust functions: their prototypes are in `_cgo_export.h`.

use std::ffi::{CStr, c_int};

use cgo::{c_preamble, export_c};

c_preamble! {
    #cgo SOURCES: shop.c
    double total(int pieces, const char *what);
}

/// What one piece costs.
#[export_c]
fn price(what: &CStr) -> f64 {
    if what == c"tea" { 2.5 } else { 4.0 }
}

/// How many fit in boxes of `size`, and how many are left.
#[export_c]
fn boxes(pieces: c_int, size: c_int) -> (c_int, c_int) {
    (pieces / size, pieces % size)
}

fn main() {
    println!("{}", unsafe { C::total(3, c"tea".as_ptr()) });
}
