#[cgo::export_c]
#[repr(C, packed)]
struct Point { x: i32 }

fn main() {}
