cgo::c_preamble! {
    pub mod lender;
    #cgo opaque: op
    #cgo enum: color
    struct op { int a; double b; };
    struct around { struct op op; };
    enum color { RED, GREEN };
    static int use(struct around *a, struct op *o, enum color c) { return 0; }
}

mod opaque {
    cgo::c_preamble! {
        use crate::lender::struct_op;
        struct op { int a; double b; };
        static double add(struct op o) { return o.a + o.b; }
    }
}

mod around_it {
    cgo::c_preamble! {
        use crate::lender::struct_around;
        struct op { int a; double b; };
        struct around { struct op op; };
        static double add(struct around a) { return a.op.a + a.op.b; }
    }
}

mod checked {
    cgo::c_preamble! {
        use crate::lender::enum_color;
        enum color { RED, GREEN };
        static enum color of(int n) { return (enum color)n; }
    }
}

fn main() {
    unsafe { lender::r#use(std::ptr::null_mut(), std::ptr::null_mut(), lender::RED) };
    unsafe { opaque::C::add(lender::struct_op::default()) };
    unsafe { around_it::C::add(lender::struct_around::default()) };
    let _ = unsafe { checked::C::of(1) };
}
