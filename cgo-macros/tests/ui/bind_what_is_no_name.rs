cgo::c_preamble! {
    #cgo bind: a.b
}

fn main() {}
