#[cgo::export_c(rename = "other")]
fn callback() {}

fn main() {}
