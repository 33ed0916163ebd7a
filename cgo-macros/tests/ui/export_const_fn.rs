#[cgo::export_c]
const fn callback() {}

fn main() {}
