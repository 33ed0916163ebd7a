cgo::c_preamble! {
    #cgo cflags: -O2
}

fn main() {}
