mod other {
    #[allow(non_camel_case_types)]
    pub struct struct_pair {
        pub a: i8,
    }
}

cgo::c_preamble! {
    use crate::other::struct_pair;
    struct pair { int a, b; };
    static int sum(struct pair *p) { return p->a + p->b; }
}

fn main() {}
