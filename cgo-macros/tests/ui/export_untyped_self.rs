struct Counter;

impl Counter {
    #[cgo::export_c]
    fn count(&self) {}
}

fn main() {}
