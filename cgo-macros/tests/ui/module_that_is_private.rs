mod ffi {
    cgo::c_preamble! {
        mod C;
        static int one(void) { return 1; }
    }
}

fn main() {
    unsafe { ffi::C::one() };
}
