//! liblzma for the crate `liblzma`.

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -DHAVE_CONFIG_H -DLZMA_SYS_ENABLE_THREADS -pthread -I../c -I../c/xz/src/common -I../c/xz/src/liblzma/api
    #cgo CFLAGS: -I../c/xz/src/liblzma/lzma -I../c/xz/src/liblzma/lz -I../c/xz/src/liblzma/check -I../c/xz/src/liblzma/simple
    #cgo CFLAGS: -I../c/xz/src/liblzma/delta -I../c/xz/src/liblzma/common -I../c/xz/src/liblzma/rangecoder
    #cgo SOURCES: ../c/xz/src/liblzma/common/ ../c/xz/src/liblzma/lz/ ../c/xz/src/liblzma/delta/ ../c/xz/src/liblzma/simple/
    #cgo SOURCES: ../c/xz/src/liblzma/lzma/fastpos_table.c ../c/xz/src/liblzma/lzma/lzma*.c ../c/xz/src/liblzma/rangecoder/price_table.c
    #cgo SOURCES: ../c/xz/src/liblzma/check/c*k.c ../c/xz/src/liblzma/check/crc*_fast.c ../c/xz/src/liblzma/check/sha256.c
    #cgo SOURCES: ../c/xz/src/common/tuklib_cpucores.c ../c/xz/src/common/tuklib_physmem.c
    #cgo bind: LZMA_* lzma_*
    #include <lzma.h>
}

pub use c::*;
