cgo::c_preamble! {
    use crate::C::thing
}

fn main() {}
