#[cgo::export_c]
unsafe extern "C" {
    fn puts(text: *const std::ffi::c_char) -> i32;
}

fn main() {}
