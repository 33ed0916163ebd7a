//! A C library takes a function pointer without user data: once it gets a function of C that calls Rust, once the Rust
//! function itself.

use std::ffi::c_int;

use cgo::{c_preamble, export_c};

c_preamble! {
    #cgo SOURCES: clibrary.c
    #include <stdio.h>
    #include "clibrary.h"
    #include "_cgo_export.h"

    int gateway(int in) {
        printf("C gateway: called with arg = %d\n", in);
        fflush(stdout);
        return call_on_me(in);
    }
}

#[export_c]
fn call_on_me(value: c_int) -> c_int {
    println!("Rust call_on_me: called with arg = {value}");
    value + 1
}

fn main() {
    println!("Rust main: calling C function with callback to us");
    unsafe { C::some_c_func(Some(C::gateway)) };

    println!("Rust main: the same without a gateway");
    unsafe { C::some_c_func(Some(call_on_me)) };
}
