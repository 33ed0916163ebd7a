#[cgo::export_c]
fn callback<T>(value: T) { let _ = value; }

fn main() {}
