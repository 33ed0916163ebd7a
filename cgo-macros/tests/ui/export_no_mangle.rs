#[cgo::export_c]
#[unsafe(no_mangle)]
fn callback() {}

#[unsafe(export_name = "other")]
#[cgo::export_c]
static STATE: i32 = 1;

fn main() {}
