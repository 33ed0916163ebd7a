#[cgo::export_c(name = "one", name = "two")]
fn callback() {}

fn main() {}
