#[cgo::export_c]
fn callback(nothing: ()) { nothing }

fn main() {}
