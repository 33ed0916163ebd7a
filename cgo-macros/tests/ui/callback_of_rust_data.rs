struct Message(String);

fn main() {
    cgo::callback(|message: Message| message.0.len()).data_last(|function, data| {
        let _ = (function, data);
    });
}
