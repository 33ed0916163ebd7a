#[cgo::export_c]
unsafe fn callback(format: *const u8, ...) { let _ = format; }

fn main() {}
