cgo::c_preamble! {
    #cgo pkg-config: --cflags zlib
}

fn main() {}
