#![forbid(unsafe_code)]

use std::ffi::CStr;
use std::sync::Mutex;

static KEPT: Mutex<Vec<&'static CStr>> = Mutex::new(Vec::new());

#[cgo::export_c]
fn keep(text: &CStr) {
    KEPT.lock().unwrap().push(text);
}

fn main() {}
