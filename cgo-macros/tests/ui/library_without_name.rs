cgo::c_preamble! {
    #cgo LDFLAGS: -l
}

fn main() {}
