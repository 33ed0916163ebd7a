#[cgo::export_c]
mod inner {}

fn main() {}
