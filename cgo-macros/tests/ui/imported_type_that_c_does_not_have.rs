cgo::c_preamble! {
    pub mod lender;
    struct point { int x, y; };
}

mod borrower {
    cgo::c_preamble! {
        use crate::lender::struct_point as place;
        struct point { int x, y; };
        static int x_of(struct point *p) { return p->x; }
    }
}

fn main() {}
