#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Ref(&'static i32);

// SAFETY: a pointer that C never sets to null.
unsafe impl cgo::CLayout for Ref {}

cgo::c_preamble! {
    use crate::Ref as ref_t;
    typedef const int *ref_t;
    struct holder { ref_t r; };
    struct outer { struct holder h[2]; };
    static int get(struct outer *o) { return *o->h[0].r; }
}

fn main() {
    let _ = C::struct_outer::default();
}
