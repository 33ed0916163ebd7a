cgo::c_preamble! {
    int callback(int a) { return a; }
}

#[cgo::export_c]
fn callback(a: i32) -> i32 { a }

fn main() {}
