cgo::c_preamble! {
    #include <string.h>
}

fn main() {
    let _ = unsafe { C::strlne(c"".as_ptr()) };
}
