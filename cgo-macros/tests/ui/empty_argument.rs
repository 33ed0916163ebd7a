cgo::c_preamble! {
    #cgo CFLAGS: -DA ""
}

fn main() {}
