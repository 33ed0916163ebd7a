#[cgo::export_c]
#[repr(C)]
enum Event { Key(u8) }

fn main() {}
