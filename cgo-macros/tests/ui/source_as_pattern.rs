cgo::c_preamble! {
    #cgo SOURCES: *.c
}

fn main() {}
