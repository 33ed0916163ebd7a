//! zstd for the crates `zstd-safe` and `zstd`.

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -I../c/lib -I../c/lib/common -DXXH_PRIVATE_API -DZSTD_LIB_DEPRECATED=0
    #cgo legacy CFLAGS: -I../c/lib/legacy -DZSTD_LEGACY_SUPPORT=1
    #cgo zstdmt CFLAGS: -DZSTD_MULTITHREAD -pthread
    #cgo experimental CFLAGS: -DZSTD_STATIC_LINKING_ONLY -DZDICT_STATIC_LINKING_ONLY
    #cgo SOURCES: ../c/lib/common ../c/lib/compress ../c/lib/decompress
    #cgo legacy SOURCES: ../c/lib/legacy
    #cgo zdict_builder SOURCES: ../c/lib/dictBuilder
    #cgo bind: <zstd.h> <zstd_errors.h> <zdict.h>
    #cgo constants: unsigned ZSTD_*
    #cgo enum: ZSTD_*
    #include <zstd.h>
    #include <zstd_errors.h>
    #include <zdict.h>
}

pub use c::*;
