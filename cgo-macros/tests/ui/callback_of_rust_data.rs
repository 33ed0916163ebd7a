fn main() {
    cgo::callback(|text: String| text.len()).data_last(|function, data| {
        let _ = (function, data);
    });
}
