#[cgo::export_c]
#[repr(C)]
struct Word<'t> { text: &'t u8 }

fn main() {}
