cgo::c_preamble! {
    pub mod lender;
    struct point { int x, y; };
    struct stat { int size; };
}

mod borrower {
    cgo::c_preamble! {
        use crate::lender::struct_point as place;
        use crate::lender::stat;
        struct point { int x, y; };
        struct stat { int size; };
        static int stat(struct stat *s) { return s->size; }
        static int x_of(struct point *p) { return p->x; }
    }
}

fn main() {}
