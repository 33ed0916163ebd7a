#[cgo::export_c]
extern "system" fn callback() {}

fn main() {}
