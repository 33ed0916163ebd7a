#[cgo::export_c]
#[repr(C)]
enum Color {
    Red,
}

extern "C" fn paint(_: Color) {}

#[cgo::export_c]
fn painter() -> extern "C" fn(Color) {
    paint
}

#[cgo::export_c]
fn painters() -> (i32, Option<extern "C" fn(Color)>) {
    (1, Some(paint))
}

#[cgo::export_c]
static PAINT: extern "C" fn(Color) = paint;

#[cgo::export_c]
#[repr(C)]
struct Brush {
    paint: Option<extern "C" fn(i32, Color)>,
}

extern "C" fn looks(_: cgo::Unchecked<Color>) {}

#[cgo::export_c]
fn may_look() -> extern "C" fn(cgo::Unchecked<Color>) {
    looks
}

fn main() {}
