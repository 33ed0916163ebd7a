#[cgo::export_c]
fn callback() -> (u8, u8, u8, u8, u8, u8, u8, u8, u8) { (1, 2, 3, 4, 5, 6, 7, 8, 9) }

fn main() {}
