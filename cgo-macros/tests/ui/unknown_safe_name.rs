cgo::c_preamble! {
    #cgo unsafe safe: no_such_function
    static int one(void) { return 1; }
}

fn main() {}
