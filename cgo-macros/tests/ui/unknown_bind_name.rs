cgo::c_preamble! {
    #cgo bind: no_such_function
}

fn main() {}
