//! Calls a static C library that lies in a folder of this package: `make && cargo run`.

use cgo::c_preamble;

c_preamble! {
    #cgo CFLAGS: -I${SRCDIR}/../greet
    #cgo LDFLAGS: -L${SRCDIR}/../greet -lgreet
    #include "greet.h"
}

fn greeting(name: &std::ffi::CStr, style: C::enum_greet_style) -> Option<String> {
    let mut buffer = [0; 32];
    let length = unsafe {
        C::greet(
            buffer.as_mut_ptr(),
            buffer.len() as i32,
            name.as_ptr(),
            style,
        )
    };
    (length >= 0).then(|| unsafe { C::GoStringN(buffer.as_ptr(), length) })
}

fn main() {
    println!("{:?}", greeting(c"Rust", C::GREET_PLAIN));
    println!("{:?}", greeting(c"C", C::GREET_LOUD));
    println!(
        "{:?}",
        greeting(c"a name that is too long for this", C::GREET_PLAIN)
    );
}
