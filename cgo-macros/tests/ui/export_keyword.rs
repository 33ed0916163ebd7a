#[cgo::export_c]
fn register() {}

fn main() {}
