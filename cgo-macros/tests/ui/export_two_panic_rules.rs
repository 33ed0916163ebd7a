#[cgo::export_c(on_panic = 0, unwind)]
fn callback() -> i32 { 1 }

fn main() {}
