cgo::c_preamble! {
    #cgo CXXFLAGS: -O2
}

fn main() {}
