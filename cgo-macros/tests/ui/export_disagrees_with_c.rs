cgo::c_preamble! {
    long on_event(int code, double when);
}

#[cgo::export_c]
fn on_event(code: i32, when: f32) -> std::ffi::c_long { let _ = (code, when); 0 }

fn main() {}
