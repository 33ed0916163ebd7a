struct Names(Vec<String>);

impl Names {
    #[cgo::export_c]
    fn names() -> Self { Names(Vec::new()) }
}

fn main() {}
