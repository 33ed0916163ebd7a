#[cgo::export_c]
#[repr(C)]
struct Point<T> { x: T }

fn main() {}
