cgo::c_preamble! {
    #cgo safe: one
    static int one(void) { return 1; }
}

fn main() {}
