mod ffi {
    pub struct Unknown(#[allow(dead_code)] i32);
}

cgo::c_preamble! {
    mod C;
    use crate::ffi::{missing, Unknown as unknown};
    use self::nowhere::other;
    typedef int missing;
    typedef int other;
    typedef int unknown;
    static int twice(missing n, unknown m) { return n + m; }
}

fn main() {}
