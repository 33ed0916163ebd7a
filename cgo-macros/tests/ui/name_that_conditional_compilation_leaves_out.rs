cgo::c_preamble! {
    #ifdef NEVER_DEFINED
    int rare(void);
    #endif
}

fn main() {
    unsafe { C::rare() };
}
