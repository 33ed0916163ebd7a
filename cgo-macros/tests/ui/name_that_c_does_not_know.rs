cgo::c_preamble! {
    static int one(void) { return 1; }
}

fn main() {
    unsafe { C::two() };
}
