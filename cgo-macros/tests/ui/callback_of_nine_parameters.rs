fn main() {
    cgo::callback(|_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8| ()).data_last(|function, data| {
        let _ = (function, data);
    });
}
