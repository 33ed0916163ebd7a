cgo::c_preamble! {
    #cgo bind: struct point
}

fn main() {}
