cgo::c_preamble! {
    #cgo safe: counter
    extern int counter;
}

fn main() {}
