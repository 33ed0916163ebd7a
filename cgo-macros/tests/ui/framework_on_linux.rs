cgo::c_preamble! {
    #cgo LDFLAGS: -framework Cocoa
}

fn main() {}
