cgo::c_preamble! {
    #cgo CFLAGS: -I${HOME}/include
}

fn main() {}
