cgo::c_preamble! {
    #cgo linux,,amd64 CFLAGS: -DX
}

fn main() {}
