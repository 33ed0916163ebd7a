#[cgo::export_c]
struct Point { x: i32 }

fn main() {}
