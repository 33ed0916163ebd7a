use cgo::export_c;

#[export_c]
fn each(visit: Option<extern "C" fn(&i32)>) {
    let _ = visit;
}

#[export_c]
static VISIT: extern "C" fn(*const i32, &'static i32) = visit;

extern "C" fn visit(_: *const i32, _: &i32) {}

#[export_c]
#[repr(C)]
struct Visitor {
    visit: [extern "C" fn(*const i32) -> &'static i32; 2],
}

fn main() {}
