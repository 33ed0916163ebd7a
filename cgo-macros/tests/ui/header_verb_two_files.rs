cgo::c_preamble! {
    #cgo header: one.h two.h
}

fn main() {}
