cgo::c_preamble! {
    use crate::elsewhere = 3;
    static int one(void) { return 1; }
}

fn main() {}
