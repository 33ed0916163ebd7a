#[cgo::export_c(on_panic = "no")]
fn callback() -> i32 { 1 }

fn main() {}
