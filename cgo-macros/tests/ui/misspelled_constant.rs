cgo::c_preamble! {
    #define BUFFER_SIZE 512
}

fn main() {
    let _ = C::BUFER_SIZE;
}
