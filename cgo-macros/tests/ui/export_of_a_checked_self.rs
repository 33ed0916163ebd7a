use cgo::export_c;

#[export_c]
#[repr(C)]
enum Color {
    Red,
}

impl Color {
    #[export_c]
    fn number(self: Color) -> i32 {
        self as i32
    }
}

fn main() {}
