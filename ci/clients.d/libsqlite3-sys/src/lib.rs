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
    #cgo macro: sqlite3_destructor_type SQLITE_STATIC(void)
    #cgo macro: sqlite3_destructor_type SQLITE_TRANSIENT(void)
    #cgo unsafe safe: SQLITE_STATIC SQLITE_TRANSIENT
    #cgo prototype: int sqlite3_auto_extension(int (*)(sqlite3 *, char **, const sqlite3_api_routines *))
    #cgo prototype: int sqlite3_cancel_auto_extension(int (*)(sqlite3 *, char **, const sqlite3_api_routines *))
    #cgo constants: unsigned SQLITE_TRACE_* SQLITE_SERIALIZE_* SQLITE_DESERIALIZE_*
    #include <sqlite3.h>
}

pub use c::*;
