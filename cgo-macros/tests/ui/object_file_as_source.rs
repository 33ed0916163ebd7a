cgo::c_preamble! {
    #cgo SOURCES: one.o
}

fn main() {}
