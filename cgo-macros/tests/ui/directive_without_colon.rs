cgo::c_preamble! {
    #include <stdio.h>
    #cgo CFLAGS -O2
}

fn main() {}
