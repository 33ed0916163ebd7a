#[cgo::export_c]
fn callback(pair: (i32, i32)) { let _ = pair; }

fn main() {}
