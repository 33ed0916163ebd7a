//! The C library.

cgo::c_preamble! {
    pub(crate) mod c;

    #cgo CFLAGS: -I../vendor
    #cgo stats CFLAGS: -DTALLY_STATS
    #cgo SOURCES: ../vendor/tally.c
    #cgo newtype: tally_status
    #cgo !stats bindings: bindings/plain.rs
    #cgo stats bindings: bindings/stats.rs
    #include <tally.h>
}
