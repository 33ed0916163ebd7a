#[cgo::export_c]
fn callback(value: impl Fn()) { value() }

fn main() {}
