cgo::c_preamble! {
    static int add(int a, int b) { return a + b; }
}

fn main() {
    let _ = unsafe { C::add(1) };
}
