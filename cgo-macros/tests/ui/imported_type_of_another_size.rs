#[repr(transparent)]
pub struct Number(pub i8);

// SAFETY: a promise that the size tells to be wrong.
unsafe impl cgo::CLayout for Number {}

cgo::c_preamble! {
    use crate::Number as number;
    typedef int number;
    static int twice(number n) { return 2 * n; }
}

fn main() {}
