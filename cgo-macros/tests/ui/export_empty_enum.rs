#[cgo::export_c]
#[repr(u8)]
enum Never {}

fn main() {}
