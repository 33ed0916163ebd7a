cgo::c_preamble! {
    struct hidden;
    struct hidden *make(void);
}

fn main() {
    let _ = unsafe { *C::make() };
}
