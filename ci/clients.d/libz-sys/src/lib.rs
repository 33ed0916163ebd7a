//! zlib for the crate `flate2`.

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -I../c
    #cgo unix CFLAGS: -DHAVE_UNISTD_H
    #cgo SOURCES: ../c/
    #cgo bind: <zlib.h> <zconf.h>
    #cgo unsafe nonnull: alloc_func free_func
    #include <zlib.h>
}

pub use c::*;
