#[cgo::export_c(name = "my-callback")]
fn callback() {}

fn main() {}
