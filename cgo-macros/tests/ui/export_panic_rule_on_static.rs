#[cgo::export_c(unwind)]
static COUNT: i32 = 0;

fn main() {}
