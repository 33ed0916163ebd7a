cgo::c_preamble! {
    #include "_cgo_export.h"
}

#[cgo::export_c]
fn callback() {}

#[cgo::export_c]
#[repr(C)]
struct Pair(u8, u8);

mod other {
    #[cgo::export_c(name = "callback")]
    fn another(_: u8) {}

    #[cgo::export_c]
    #[repr(C)]
    struct Pair(u16, u16);
}

fn main() {}
