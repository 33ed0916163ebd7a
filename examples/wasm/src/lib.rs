//! C and Rust in one WebAssembly module, without a C library: JavaScript calls Rust, Rust calls C, and C calls Rust and JavaScript.
//!
//! ```sh
//! cargo build -p wasm --target wasm32-unknown-unknown
//! node examples/wasm/page.mjs target/wasm32-unknown-unknown/debug/page.wasm
//! ```
#![cfg(target_family = "wasm")]

use std::ffi::c_int;

use cgo::{c_preamble, callback, export_c};

c_preamble! {
    #include <stddef.h>
    #include "_cgo_export.h"

    // A function of JavaScript.
    __attribute__((import_module("page"), import_name("show"))) void show(const char *text, size_t length);

    typedef struct { double x, y; } point;
    static point middle(point a, point b) { return (point){ (a.x + b.x) / 2, (a.y + b.y) / 2 }; }

    static void sort(int *numbers, size_t count, int (*less)(int a, int b, void *data), void *data) {
        for (size_t end = count; end > 1; end--)
            for (size_t i = 1; i < end; i++)
                if (less(numbers[i], numbers[i - 1], data)) {
                    int other = numbers[i];
                    numbers[i] = numbers[i - 1];
                    numbers[i - 1] = other;
                }
    }

    static int total(int count) {
        int sum = 0;
        for (int item = 0; item < count; item++) sum += price(item);
        return sum;
    }

    static _Atomic long long visits = 1ll << 40;
}

/// C calls it.
#[export_c]
fn price(item: c_int) -> c_int {
    10 + item
}

fn show(text: &str) {
    // SAFETY: the text lives as long as the call.
    unsafe { C::show(text.as_ptr().cast(), text.len()) }
}

/// JavaScript calls it.
#[unsafe(no_mangle)]
pub extern "C" fn load(width: f64, height: f64) -> i32 {
    let corner = C::point { x: 0.0, y: 0.0 };
    let (x, y) = (width, height);
    // SAFETY: C only computes.
    let middle = unsafe { C::middle(corner, C::point { x, y }) };
    show(&format!("the middle is at {}, {}", middle.x, middle.y));

    let mut numbers = [3, 1, 2];
    let mut calls = 0;
    callback(|a: c_int, b: c_int| {
        calls += 1;
        c_int::from(a < b)
    })
    // SAFETY: there are three numbers, and C calls the function only during the call.
    .data_last(|less, data| unsafe { C::sort(numbers.as_mut_ptr(), 3, Some(less), data) });
    show(&format!("sorted in {calls} comparisons: {numbers:?}"));

    // SAFETY: it is an atomic.
    let visits = unsafe { &C::visits }.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    show(&format!("visit {visits}"));
    // SAFETY: C only computes and calls `price`.
    unsafe { C::total(3) }
}
