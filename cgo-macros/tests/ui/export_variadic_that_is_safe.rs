#[cgo::export_c]
fn callback(format: *const u8, args: ...) { let _ = (format, args); }

fn main() {}
