cgo::c_preamble! {
    #define MAX(a, b) ((a) > (b) ? (a) : (b))
}

fn main() {
    let _ = unsafe { C::MAX(1, 2) };
}
