#[cgo::export_c]
async fn callback() {}

fn main() {}
