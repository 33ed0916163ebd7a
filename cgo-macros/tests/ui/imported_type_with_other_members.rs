cgo::c_preamble! {
    pub mod lender;
    struct point { int x, y; };
    struct rect { int width, height; };
    struct frame { struct point at; struct rect *size; };
    typedef int (*visitor)(struct point *);
    static int use(struct frame *f, visitor v) { return 0; }
}

mod swapped {
    cgo::c_preamble! {
        use crate::lender::struct_rect;
        struct rect { int height, width; };
        static int use(struct rect *r) { return 0; }
    }
}

mod of_another_kind {
    cgo::c_preamble! {
        use crate::lender::struct_rect as struct_rect;
        struct rect { float width; int height; };
        static int use(struct rect *r) { return 0; }
    }
}

mod within {
    cgo::c_preamble! {
        use crate::lender::struct_frame;
        struct point { int x; unsigned y; };
        struct rect { int width, height; };
        struct frame { struct point at; struct rect *size; };
        static int use(struct frame *f) { return 0; }
    }
}

mod behind_a_pointer {
    cgo::c_preamble! {
        use crate::lender::struct_frame;
        struct point { int x, y; };
        struct rect { int width, height, depth; };
        struct frame { struct point at; struct rect *size; };
        static int use(struct frame *f) { return 0; }
    }
}

mod of_a_function {
    cgo::c_preamble! {
        use crate::lender::visitor;
        struct point { int x, y; };
        typedef long (*visitor)(struct point *);
        static int use(visitor v) { return 0; }
    }
}

mod of_a_macro {
    cgo::c_preamble! {
        use crate::lender::struct_rect as thing;
        #define thing struct point
        struct point { int x, y; };
        static int use(thing *p) { return 0; }
    }
}

fn main() {}
