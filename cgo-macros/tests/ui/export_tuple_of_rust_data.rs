#[cgo::export_c]
fn callback() -> (u8, String) { (1, String::new()) }

fn main() {}
