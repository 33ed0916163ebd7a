cgo::c_preamble! {
    #cgo linux && CFLAGS: -O2
}

fn main() {}
