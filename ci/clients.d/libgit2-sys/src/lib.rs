//! libgit2 for the crate `git2`, without https and ssh.
#![allow(non_snake_case, non_camel_case_types)]

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::Once;

cgo::c_preamble! {
    pub mod c;
    #cgo CFLAGS: -I../c/include -I../features -I../c/src/libgit2 -I../c/src/util -I../c/deps/llhttp -I../c/deps/xdiff -I../c/deps/pcre2
    #cgo CFLAGS: -DGIT_REGEX_BUILTIN=1 -DPCRE2_STATIC -DPCRE2_EXPORT= -DPCRE2_EXP_DECL= -DPCRE2_EXP_DEFN= -DPCRE2_CODE_UNIT_WIDTH=8
    #cgo CFLAGS: -DSUPPORT_PCRE2_8=1 -DSUPPORT_UNICODE=1 -DLINK_SIZE=2 -DHEAP_LIMIT=20000000 -DMATCH_LIMIT=10000000
    #cgo CFLAGS: -DMATCH_LIMIT_DEPTH=MATCH_LIMIT -DMAX_VARLOOKBEHIND=255 -DNEWLINE_DEFAULT=2 -DPARENS_NEST_LIMIT=250
    #cgo CFLAGS: -DMAX_NAME_SIZE=128 -DMAX_NAME_COUNT=10000 -DSHA1DC_NO_STANDARD_INCLUDES=1
    #cgo CFLAGS: "-DSHA1DC_CUSTOM_INCLUDE_SHA1_C=\"common.h\"" "-DSHA1DC_CUSTOM_INCLUDE_UBC_CHECK_C=\"common.h\"" -fvisibility=hidden
    #cgo LDFLAGS: -lz -lpthread
    #cgo SOURCES: -w ../c/src/libgit2/ ../c/src/libgit2/transports/ ../c/src/libgit2/streams/ ../c/src/util/ ../c/src/util/unix/
    #cgo SOURCES: -w ../c/src/util/allocators/failalloc.c ../c/src/util/allocators/stdalloc.c
    #cgo SOURCES: -w ../c/src/util/hash/collisiondetect.c ../c/src/util/hash/sha1dc/sha1.c ../c/src/util/hash/sha1dc/ubc_check.c
    #cgo SOURCES: -w ../c/src/util/hash/builtin.c ../c/src/util/hash/rfc6234/sha224-256.c
    #cgo SOURCES: -w ../c/deps/llhttp/ ../c/deps/xdiff/ ../c/deps/pcre2/
    #cgo constants: unsigned GIT_*_VERSION GIT_FILEMODE_BLOB_GROUP_WRITABLE
    #cgo constants: size_t GIT_OID_SHA1_* GIT_OID_MAX_* GIT_REBASE_NO_OPERATION
    #cgo constants: uint16_t GIT_INDEX_ENTRY_*
    #cgo derive: Eq git_time git_index_time
    #cgo unsafe nonnull: git_treewalk_cb
    #cgo prototype: int git_packbuilder_foreach(git_packbuilder *, int (*)(const void *, size_t, void *), void *)
    // The published crate has other names for these members, and one constant more.
    #define type kind
    #define ref reference
    #include <git2.h>
    #include <git2/sys/config.h>
    #include <git2/sys/email.h>
    #include <git2/sys/errors.h>
    #include <git2/sys/mempack.h>
    #include <git2/sys/midx.h>
    #include <git2/sys/odb_backend.h>
    #include <git2/sys/refdb_backend.h>
    #include <git2/sys/repository.h>
    #include <git2/sys/refs.h>
    #include <git2/sys/transport.h>
    #define GIT_FILEMODE_BLOB_GROUP_WRITABLE 0100664
}

pub use c::*;

// What the client takes from the published crate and C has otherwise: its callbacks are safe functions, and take a `const void *` and a
// stage that is an `int`.
pub type git_packbuilder_stage_t = c_int;
pub const GIT_PACKBUILDER_ADDING_OBJECTS: c_int = c::GIT_PACKBUILDER_ADDING_OBJECTS as c_int;
pub const GIT_PACKBUILDER_DELTAFICATION: c_int = c::GIT_PACKBUILDER_DELTAFICATION as c_int;
pub type git_packbuilder_foreach_cb =
    Option<unsafe extern "C" fn(*const c_void, usize, *mut c_void) -> c_int>;
pub type git_index_matched_path_cb =
    Option<extern "C" fn(*const c_char, *const c_char, *mut c_void) -> c_int>;

pub unsafe fn git_index_add_all(
    index: *mut git_index,
    paths: *const git_strarray,
    flags: c_uint,
    callback: git_index_matched_path_cb,
    payload: *mut c_void,
) -> c_int {
    unsafe { c::git_index_add_all(index, paths, flags, callback.map(|f| f as _), payload) }
}

pub unsafe fn git_index_remove_all(
    index: *mut git_index,
    paths: *const git_strarray,
    callback: git_index_matched_path_cb,
    payload: *mut c_void,
) -> c_int {
    unsafe { c::git_index_remove_all(index, paths, callback.map(|f| f as _), payload) }
}

pub unsafe fn git_index_update_all(
    index: *mut git_index,
    paths: *const git_strarray,
    callback: git_index_matched_path_cb,
    payload: *mut c_void,
) -> c_int {
    unsafe { c::git_index_update_all(index, paths, callback.map(|f| f as _), payload) }
}

pub fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| assert!(unsafe { git_libgit2_init() } >= 0));
}

pub fn vendored() -> bool {
    true
}
