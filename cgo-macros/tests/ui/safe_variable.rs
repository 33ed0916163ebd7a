cgo::c_preamble! {
    #cgo unsafe safe: counter
    extern int counter;
}

fn main() {}
