//! QuickJS for the crate `rquickjs-core`.
#![no_std]
#![allow(non_snake_case, non_camel_case_types)]

pub use core::ffi::{c_char, c_int, c_void};

cgo::c_preamble! {
    pub mod c;
    // Rust's lexer knows no `JS_ATOM_##name`.
    r##"
    #cgo CFLAGS: -I../c -D_GNU_SOURCE
    #cgo cfg(feature = "disable-assertions") CFLAGS: -DNDEBUG
    #cgo SOURCES: -w ../c/dtoa.c ../c/libregexp.c ../c/libunicode.c ../c/quickjs.c
    #cgo LDFLAGS: -lm -lpthread
    #cgo bind: <quickjs.h>
    #cgo constants: unsigned JS_ATOM_NULL __JS_ATOM_NULL JS_INVALID_CLASS_ID JS_EVAL_* JS_WRITE_* JS_READ_* JS_GPN_* JS_PROP_* JS_CALL_*
    #cgo macro: int JS_VALUE_GET_TAG(JSValue)
    #cgo macro: int JS_VALUE_GET_NORM_TAG(JSValue)
    #cgo macro: int JS_VALUE_GET_INT(JSValue)
    #cgo macro: bool JS_VALUE_GET_BOOL(JSValue)
    #cgo macro: double JS_VALUE_GET_FLOAT64(JSValue)
    #cgo macro: void *JS_VALUE_GET_PTR(JSValue)
    #cgo macro: bool JS_VALUE_HAS_REF_COUNT(JSValue)
    #cgo macro: JSValue JS_MKVAL(int, int)
    #cgo macro: JSValue JS_MKPTR(int, void *)
    #cgo unsafe safe: JS_MKVAL JS_MKPTR new_float64
    #include "quickjs.h"
    #define __JS_ATOM_NULL JS_ATOM_NULL
    enum {
        no_atom = JS_ATOM_NULL,
    #define DEF(name, text) JS_ATOM_##name,
    #include "quickjs-atom.h"
    #undef DEF
    };
    // The published crate has these without a context, and with the name of the type before that of the enumerator.
    static JSValue new_float64(double d) { return JS_NewFloat64(NULL, d); }
    static bool JS_IsInt(JSValue v) { return JS_VALUE_GET_TAG(v) == JS_TAG_INT; }
    #define JSPromiseStateEnum_JS_PROMISE_PENDING JS_PROMISE_PENDING
    #define JSPromiseStateEnum_JS_PROMISE_FULFILLED JS_PROMISE_FULFILLED
    #define JSPromiseStateEnum_JS_PROMISE_REJECTED JS_PROMISE_REJECTED
    #define JSPromiseHookType_JS_PROMISE_HOOK_INIT JS_PROMISE_HOOK_INIT
    #define JSPromiseHookType_JS_PROMISE_HOOK_BEFORE JS_PROMISE_HOOK_BEFORE
    #define JSPromiseHookType_JS_PROMISE_HOOK_AFTER JS_PROMISE_HOOK_AFTER
    #define JSPromiseHookType_JS_PROMISE_HOOK_RESOLVE JS_PROMISE_HOOK_RESOLVE
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8C JS_TYPED_ARRAY_UINT8C
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_INT8 JS_TYPED_ARRAY_INT8
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8 JS_TYPED_ARRAY_UINT8
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_INT16 JS_TYPED_ARRAY_INT16
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_UINT16 JS_TYPED_ARRAY_UINT16
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_INT32 JS_TYPED_ARRAY_INT32
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_UINT32 JS_TYPED_ARRAY_UINT32
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_BIG_INT64 JS_TYPED_ARRAY_BIG_INT64
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_BIG_UINT64 JS_TYPED_ARRAY_BIG_UINT64
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT16 JS_TYPED_ARRAY_FLOAT16
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT32 JS_TYPED_ARRAY_FLOAT32
    #define JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT64 JS_TYPED_ARRAY_FLOAT64
    "##
}

pub use c::new_float64 as JS_NewFloat64;
pub use c::*;

// What the published crate has otherwise.
pub type size_t = usize;
pub type JS_MarkFunc = Option<c::JS_MarkFunc>;
pub const SIZE_T_ERROR: &str = "a size does not fit";

// Macros whose values are structs are functions of the module.
pub const JS_NULL: JSValue = special(JS_TAG_NULL, 0);
pub const JS_UNDEFINED: JSValue = special(JS_TAG_UNDEFINED, 0);
pub const JS_FALSE: JSValue = special(JS_TAG_BOOL, 0);
pub const JS_TRUE: JSValue = special(JS_TAG_BOOL, 1);
pub const JS_EXCEPTION: JSValue = special(JS_TAG_EXCEPTION, 0);
pub const JS_UNINITIALIZED: JSValue = special(JS_TAG_UNINITIALIZED, 0);

const fn special(tag: c_int, int32: c_int) -> JSValue {
    JSValue {
        u: JSValueUnion { int32 },
        tag: tag as i64,
    }
}
