cgo::c_preamble! {
    struct Point { float x, y; };
    extern long COUNT;
}

#[cgo::export_c]
#[repr(C)]
struct Point { x: f32, y: f64 }

#[cgo::export_c]
static COUNT: i32 = 0;

fn main() {}
