cgo::c_preamble! {
    static int twice(int a) { return 2 * a; }
}

fn main() {
    unsafe { C::twice("2") };
}
