cgo::c_preamble! {
    static int double_it(int a) { return 2 * a; }
}

fn main() {
    let _ = unsafe { C::doubel_it(2) };
}
