cgo::c_preamble! {
    #define EMPTY
}

fn main() {
    let _ = C::EMPTY;
}
