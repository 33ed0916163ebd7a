//! C's errors as Rust's: `cargo run --example errno`.

use cgo::{c_preamble, check, with_errno};

c_preamble! {
    #cgo LDFLAGS: -lm
    #include <errno.h>
    #include <fcntl.h>
    #include <math.h>
    #include <unistd.h>

    static void set_errno(int value) { errno = value; }
}

fn main() {
    // cgo's `n, err := C.sqrt(-1)`: errno is cleared before the call and read right after it.
    let (root, error) = with_errno(|| unsafe { C::sqrt(-1.0) });
    println!("{} {:?}", root.is_nan(), error.map(|error| error.kind()));

    // It works for functions without a result, and tells nothing where errno stays 0.
    let ((), error) = with_errno(|| unsafe { C::set_errno(C::ENOENT) });
    println!("{:?}", error.map(|error| error.kind()));
    let (_, error) = with_errno(|| unsafe { C::sqrt(4.0) });
    println!("{error:?}");

    // C's "-1 means error" as a Result.
    let opened = check(|| unsafe { C::open(c"/no/such/file".as_ptr(), C::O_RDONLY) });
    println!("{:?}", opened.map_err(|error| error.kind()));
    let closed = check(|| unsafe { C::close(-1) });
    println!(
        "{:?}",
        closed.map_err(|error| error.raw_os_error() == Some(C::EBADF))
    );
}
