struct Counter(i32);

impl Counter {
    #[cgo::export_c]
    unsafe fn count(self: &mut Self, number: i32, args: ...) {
        self.0 += number;
    }
}

fn main() {}
