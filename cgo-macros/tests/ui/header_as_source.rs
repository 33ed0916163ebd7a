cgo::c_preamble! {
    #cgo SOURCES: one.h
}

fn main() {}
