#[cgo::export_c]
fn callback(text: String) -> Vec<u8> { text.into() }

fn main() {}
