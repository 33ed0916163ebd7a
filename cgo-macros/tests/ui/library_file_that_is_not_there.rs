cgo::c_preamble! {
    #cgo LDFLAGS: libnowhere.a
}

fn main() {}
