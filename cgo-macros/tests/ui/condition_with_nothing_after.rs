cgo::c_preamble! {
    #cgo linux && CFLAGS: -DX
}

fn main() {}
