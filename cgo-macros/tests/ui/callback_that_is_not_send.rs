use std::ffi::c_int;
use std::rc::Rc;

fn main() {
    let shared = Rc::new(1);
    cgo::callback(move |value: c_int| value + *shared).send().data_last(|function, data| {
        let _ = (function, data);
    });
}
