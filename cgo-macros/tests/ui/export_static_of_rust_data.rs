#[cgo::export_c]
static NAMES: Vec<u8> = Vec::new();

fn main() {}
