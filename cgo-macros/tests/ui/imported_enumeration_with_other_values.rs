cgo::c_preamble! {
    pub mod lender;
    #cgo newtype: color
    #cgo flags: mode
    enum color { RED, GREEN = 5 };
    typedef enum { READ = 1, WRITE = 2 } mode;
    static int use(enum color c, mode m) { return c + m; }
}

mod moved {
    cgo::c_preamble! {
        use crate::lender::enum_color;
        enum color { RED, GREEN = 6 };
        static int use(enum color c) { return c; }
    }
}

mod longer {
    cgo::c_preamble! {
        use crate::lender::mode;
        typedef enum { READ = 1, WRITE = 2, EXEC = 4 } mode;
        static int use(mode m) { return m; }
    }
}

fn main() {}
