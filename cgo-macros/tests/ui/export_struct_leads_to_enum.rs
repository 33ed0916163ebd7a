use std::ffi::c_int;

#[cgo::export_c]
#[repr(C)]
enum Color {
    Red,
}

#[cgo::export_c]
#[repr(C)]
struct Node {
    next: Option<&'static Node>,
    number: &'static c_int,
    color: Option<&'static Color>,
}

#[cgo::export_c]
#[repr(C)]
struct Source {
    next: extern "C" fn() -> Color,
}

fn main() {}
