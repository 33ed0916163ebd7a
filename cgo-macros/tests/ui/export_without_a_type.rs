#[cgo::export_c]
static COUNT = 1;

#[cgo::export_c]
fn callback(a) {}

fn main() {}
