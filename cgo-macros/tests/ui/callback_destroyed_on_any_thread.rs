use std::ffi::c_int;
use std::sync::{Mutex, MutexGuard};

static LOCK: Mutex<c_int> = Mutex::new(1);

fn main() {
    let guard: MutexGuard<'static, c_int> = LOCK.lock().unwrap();
    let _kept = cgo::callback(move |value: c_int| value + *guard).sync().owned_data_last();
}
