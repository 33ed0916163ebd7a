//! SQLite for the crate `rusqlite`. What the published crate has in Rust, its errors, is taken from there.
#![allow(non_snake_case, non_camel_case_types)]

pub use self::error::*;

#[path = "../published/error.rs"]
mod error;

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -I../c -DSQLITE_CORE -DSQLITE_DEFAULT_FOREIGN_KEYS=1 -DSQLITE_ENABLE_API_ARMOR -DSQLITE_ENABLE_COLUMN_METADATA
    #cgo CFLAGS: -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_FTS5
    #cgo CFLAGS: -DSQLITE_ENABLE_JSON1 -DSQLITE_ENABLE_LOAD_EXTENSION=1 -DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_STAT4 -DSQLITE_SOUNDEX
    #cgo CFLAGS: -DSQLITE_THREADSAFE=1 -DSQLITE_USE_URI -DHAVE_USLEEP=1 -DHAVE_ISNAN -DHAVE_LOCALTIME_R
    #cgo unlock_notify CFLAGS: -DSQLITE_ENABLE_UNLOCK_NOTIFY
    #cgo preupdate_hook CFLAGS: -DSQLITE_ENABLE_PREUPDATE_HOOK
    #cgo session CFLAGS: -DSQLITE_ENABLE_SESSION
    #cgo unix LDFLAGS: -lpthread -ldl -lm
    #cgo SOURCES: ../c/sqlite3.c
    #cgo bind: <sqlite3.h>
    #cgo strip: struct_
    #cgo constants: unsigned SQLITE_TRACE_* SQLITE_SERIALIZE_* SQLITE_DESERIALIZE_*
    #include <sqlite3.h>
}

pub use c::*;

pub fn SQLITE_STATIC() -> sqlite3_destructor_type {
    None
}

pub fn SQLITE_TRANSIENT() -> sqlite3_destructor_type {
    Some(unsafe { std::mem::transmute::<isize, unsafe extern "C" fn(*mut std::ffi::c_void)>(-1) })
}

// In C they take a `void (*)(void)`; the published crate declares them by hand, too.
unsafe extern "C" {
    pub fn sqlite3_auto_extension(entry: EntryPoint) -> std::ffi::c_int;
    pub fn sqlite3_cancel_auto_extension(entry: EntryPoint) -> std::ffi::c_int;
}

type EntryPoint = Option<
    unsafe extern "C" fn(
        *mut sqlite3,
        *mut *mut std::ffi::c_char,
        *const sqlite3_api_routines,
    ) -> std::ffi::c_int,
>;
