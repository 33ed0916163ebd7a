cgo::c_preamble! {
    struct hidden;
}

fn main() {
    fn send<T: Send>() {}
    send::<C::struct_hidden>();
}
