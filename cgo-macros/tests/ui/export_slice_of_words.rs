#[cgo::export_c]
fn callback(words: &[u16]) { let _ = words; }

fn main() {}
