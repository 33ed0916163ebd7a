#[cgo::export_c]
enum Event { Key }

fn main() {}
