cgo::c_preamble! {
    #cgo header: mine.rs
    int x;
}

fn main() {}
