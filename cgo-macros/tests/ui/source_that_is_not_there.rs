cgo::c_preamble! {
    #cgo SOURCES: nowhere.c
}

fn main() {}
