//! A function of another calling convention, which wants its arguments elsewhere, is another type.

mod lender {
    cgo::c_preamble! {
        pub mod C;
        struct callbacks { int (*done)(int); };
    }
}

cgo::c_preamble! {
    use crate::lender::C::struct_callbacks;
    struct callbacks { int (__attribute__((ms_abi)) *done)(int); };
}

fn main() {
    let _ = C::struct_callbacks { done: None };
}
