cgo::c_preamble! {
    #cgo LDFLAGS: -static
}

fn main() {}
