cgo::c_preamble! {
    #cgo LDFLAGS: -Wl,-rpath,/opt/lib
}

fn main() {}
