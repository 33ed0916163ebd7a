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

type Chooser = extern "C" fn() -> Color;

#[export_c]
fn choose(n: i32, chooser: Option<Chooser>, further: extern "C" fn(i32) -> Chooser) -> i32 {
    n + chooser.is_some() as i32 + further(n)() as i32
}

fn main() {}
