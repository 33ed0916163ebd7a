use std::ffi::c_int;

fn give(closure: impl FnMut(c_int) + Sync) {
    cgo::callback(closure).sync().data_last(|function, data| {
        let _ = (function, data);
    });
}

fn main() {
    give(|_| ());
}
