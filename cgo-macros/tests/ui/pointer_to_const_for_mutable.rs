cgo::c_preamble! {
    static void fill(char *to) { *to = 0; }
}

fn main() {
    unsafe { C::fill(c"".as_ptr()) };
}
