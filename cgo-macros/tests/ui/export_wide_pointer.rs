#[cgo::export_c]
fn text(text: Option<&str>) { let _ = text; }

#[cgo::export_c]
fn bytes(bytes: &mut [u8]) { let _ = bytes; }

#[cgo::export_c]
fn closure(closure: Box<dyn Fn()>) { closure(); }

#[cgo::export_c]
fn pair() -> (i32, &'static str) { (1, "") }

#[cgo::export_c]
static NAME: &std::ffi::CStr = c"name";

#[cgo::export_c]
#[repr(C)]
struct Slices { slices: [*const [u8]; 2] }

fn main() {}
