cgo::c_preamble! {
    use crate::ffi::*;
}

fn main() {}
