use std::ffi::c_int;
use std::mem::ManuallyDrop;

#[cgo::export_c]
#[repr(C)]
#[derive(Clone, Copy)]
enum Color {
    Red,
}

type Chooser = extern "C" fn() -> Color;
type Reference = &'static Color;

extern "C" fn paint(_: Color) {}

#[cgo::export_c]
fn behind(a: &Chooser, b: Option<Box<Chooser>>, c: &[Option<Chooser>; 2], d: &&Chooser) -> c_int {
    (a() as c_int) + b.map_or(0, |b| b() as c_int) + c.len() as c_int + d() as c_int
}

#[cgo::export_c]
fn returned(a: extern "C" fn() -> Box<Color>, b: Option<extern "C" fn() -> Reference>) -> c_int {
    *a() as c_int + b.map_or(0, |b| *b() as c_int)
}

#[cgo::export_c]
fn hidden(a: &[[&Color; 2]; 2], b: &ManuallyDrop<&Color>) -> c_int {
    *a[0][0] as c_int + ***b as c_int
}

extern "C" fn look(_: Box<Color>) {}

#[cgo::export_c]
fn looker() -> extern "C" fn(Box<Color>) {
    look
}

#[cgo::export_c]
fn written(out: &mut Option<extern "C" fn(Color)>) {
    *out = Some(paint);
}

#[cgo::export_c]
fn painter() -> &'static extern "C" fn(Color) {
    &(paint as extern "C" fn(Color))
}

#[cgo::export_c]
static PAINTER: &extern "C" fn(Color) = &(paint as extern "C" fn(Color));

#[cgo::export_c]
#[repr(C)]
struct Brush {
    chooser: &'static Chooser,
    colors: [[&'static Color; 2]; 2],
    cell: ManuallyDrop<&'static Color>,
}

fn main() {}
