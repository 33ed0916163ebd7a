cgo::c_preamble! {
    #define LIMIT 3
}

fn main() {
    C::LIMIT = 4;
}
