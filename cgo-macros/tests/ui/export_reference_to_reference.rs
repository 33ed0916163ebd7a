use std::ffi::c_int;

#[cgo::export_c]
#[repr(C)]
#[derive(Clone, Copy)]
enum Color {
    Red,
}

type Reference<'a> = &'a Color;

#[cgo::export_c]
fn reference(color: &&Color) -> c_int {
    **color as c_int
}

#[cgo::export_c]
fn of_an_array<'a>(colors: Option<&'a [&'a Color; 2]>) -> c_int {
    colors.map_or(0, |colors| *colors[0] as c_int)
}

#[cgo::export_c]
fn boxed(color: Box<Reference>) -> c_int {
    **color as c_int
}

#[cgo::export_c]
fn three(color: &mut &&Color) -> c_int {
    ***color as c_int
}

struct Own;

#[cgo::export_c]
fn of_what_c_does_not_know(_: &&Own, _: &&c_int, _: &*const Color) {}

fn main() {}
