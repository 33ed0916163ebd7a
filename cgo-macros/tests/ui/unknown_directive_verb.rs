cgo::c_preamble! {
    #cgo FCFLAGS: -O2
}

fn main() {}
