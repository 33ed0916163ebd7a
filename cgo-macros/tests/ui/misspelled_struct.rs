cgo::c_preamble! {
    struct point { int x, y; };
}

fn main() {
    let _: C::struct_piont;
}
