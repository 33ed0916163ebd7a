cgo::c_preamble! {
    #cgo LDFLAGS: -L
}

fn main() {}
