#[cgo::export_c]
#[repr(i32)]
enum Color {
    Red,
}

trait Same {
    type This;
}

impl Same for Color {
    type This = Color;
}

mod names {
    pub type Handle<T> = <T as super::Same>::This;
    pub type Box<T> = <T as super::Same>::This;
}

#[allow(non_camel_case_types)]
type c_int = Color;

#[cgo::export_c]
fn by_a_number(_: c_int) {}

#[allow(non_camel_case_types)]
type c_long = &'static Color;

#[cgo::export_c]
fn by_a_reference(color: c_long) {
    let _: &Color = color;
}

#[cgo::export_c]
fn by_a_handle(_: names::Handle<Color>) {}

#[cgo::export_c]
fn by_a_box(_: names::Box<Color>) {}

fn main() {}
