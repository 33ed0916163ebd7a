#[cgo::export_c]
#[repr(C)]
struct Marker;

#[cgo::export_c]
#[repr(C)]
struct Empty {}

fn main() {}
