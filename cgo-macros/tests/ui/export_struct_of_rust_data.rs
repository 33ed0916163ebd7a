#[cgo::export_c]
#[repr(C)]
struct Message { text: String }

fn main() {}
