//! libbz2 for the crate `bzip2`.
#![no_std]

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -I../c -D_FILE_OFFSET_BITS=64 -DBZ_NO_STDIO
    #cgo SOURCES: ../c/blocksort.c ../c/huffman.c ../c/crctable.c ../c/randtable.c ../c/compress.c ../c/decompress.c ../c/bzlib.c
    #cgo bind: <bzlib.h>
    #include <bzlib.h>
    extern void bz_internal_error(int code);
}

pub use c::*;

#[cgo::export_c]
fn bz_internal_error(code: i32) {
    panic!("bz internal error: {code}");
}
