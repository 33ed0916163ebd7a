use cgo::export_c;

trait Show {
    extern "C" fn show(self: &Self) -> i32;
}

struct Shown(i32);

impl Show for Shown {
    #[export_c]
    fn show(self: &Self) -> i32 {
        self.0
    }
}

fn main() {}
