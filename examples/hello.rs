//! Calls C from Rust: `cargo run --example hello`.

use cgo::c_preamble;

c_preamble! {
    #include <stdio.h>
    #include <stdlib.h>

    static void myprint(char *s) { printf("%s\n", s); }
}

fn main() {
    let text = C::CString("Hello from stdio");
    unsafe {
        C::myprint(text);
        C::free(text.cast());
    }
}
