#[cgo::export_c]
fn callback() {}

mod other {
    #[cgo::export_c(name = "callback")]
    fn another() {}
}

fn main() {}
