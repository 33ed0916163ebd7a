cgo::c_preamble! {
    #define PAIR { 1, 2 }
}

fn main() {
    let _ = C::PAIR;
}
