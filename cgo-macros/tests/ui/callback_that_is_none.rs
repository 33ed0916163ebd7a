fn main() {
    let _ = cgo::callback("callback");
}
