//! C has only a number for the closure that it is to call: an exported function looks the closure up.

use std::collections::HashMap;
use std::ffi::c_int;
use std::sync::Mutex;

use cgo::{c_preamble, export_c};

c_preamble! {
    #include "_cgo_export.h"
    static inline void CallMyFunction(int foo) { go_callback_int(foo, 5); }
}

type Callback = Box<dyn Fn(c_int) + Send>;

static REGISTRY: Mutex<Option<HashMap<c_int, Callback>>> = Mutex::new(None);

#[export_c]
fn go_callback_int(number: c_int, value: c_int) {
    let registry = REGISTRY.lock().unwrap();
    if let Some(callback) = registry.as_ref().and_then(|known| known.get(&number)) {
        callback(value);
    }
}

fn register(number: c_int, callback: Callback) {
    let mut registry = REGISTRY.lock().unwrap();
    registry.get_or_insert_default().insert(number, callback);
}

fn main() {
    register(1, Box::new(|value| println!("callback with {value}")));
    unsafe { C::CallMyFunction(1) };
}
