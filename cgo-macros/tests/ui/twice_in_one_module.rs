cgo::c_preamble! {
    static int one(void) { return 1; }
}
cgo::c_preamble! {
    static int two(void) { return 2; }
}

fn main() {}
