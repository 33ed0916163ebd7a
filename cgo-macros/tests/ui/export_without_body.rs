trait Callbacks {
    #[cgo::export_c]
    fn callback();
}

fn main() {}
