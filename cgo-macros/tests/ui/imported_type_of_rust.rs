#![forbid(unsafe_code)]

pub type Ref = &'static i32;

cgo::c_preamble! {
    use crate::Ref as ref_t;
    typedef int *ref_t;
    struct holder { ref_t r; };
    static int get(struct holder *h) { return *h->r; }
}

fn main() {
    let _ = C::struct_holder::default();
}
