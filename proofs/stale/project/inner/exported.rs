#[cgo::export_c]
#[repr(C)]
pub struct Given { pub bytes: [u8; NUMBER] }
#[cgo::export_c]
fn exported() -> i32 { NUMBER }
