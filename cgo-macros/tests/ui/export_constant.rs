#[cgo::export_c]
const LIMIT: i32 = 5;

fn main() {}
