use std::ffi::{CStr, c_char, c_int};

#[cgo::export_c]
fn length(text: &CStr) -> c_int {
    text.count_bytes() as c_int
}

#[cgo::export_c]
fn sum(bytes: &[u8]) -> c_int {
    bytes.iter().map(|&byte| c_int::from(byte)).sum()
}

fn main() {
    length(8 as *const c_char);
    sum(cgo::Bytes { p: 8 as *const u8, n: 1 });
}
