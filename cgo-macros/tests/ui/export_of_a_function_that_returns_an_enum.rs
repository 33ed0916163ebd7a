use cgo::export_c;

#[export_c]
#[repr(C)]
enum Color {
    Red,
}

#[export_c]
fn apply(f: extern "C" fn(Color) -> Color) -> i32 {
    f(Color::Red) as i32
}

fn main() {}
