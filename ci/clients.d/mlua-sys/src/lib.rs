//! Lua 5.4 of the system for the crate `mlua`.
#![allow(non_snake_case, non_camel_case_types)]

use std::ffi::{CStr, c_char, c_int, c_void};

cgo::c_preamble! {
    pub mod c;
    #cgo pkg-config: lua5.4
    #cgo bind: <lua.h> <lauxlib.h> <lualib.h>
    #cgo unwind: * !lua_Alloc
    #cgo constants: lua_Integer LUA_RIDX_*
    #cgo noreturn: lua_error
    #cgo unsafe nonnull: lua_CFunction lua_Alloc lua_Reader lua_Writer
    #cgo macro: int lua_upvalueindex(int)
    #cgo unsafe safe: lua_upvalueindex
    #cgo macro: void lua_call(lua_State *, int, int)
    #cgo macro: int lua_pcall(lua_State *, int, int, int)
    #cgo macro: int lua_yield(lua_State *, int)
    #cgo macro: lua_Number lua_tonumber(lua_State *, int)
    #cgo macro: lua_Integer lua_tointeger(lua_State *, int)
    #cgo macro: const char *lua_tostring(lua_State *, int)
    #cgo macro: void lua_pop(lua_State *, int)
    #cgo macro: void lua_newtable(lua_State *)
    #cgo macro: void lua_pushcfunction(lua_State *, lua_CFunction)
    #cgo macro: int lua_isfunction(lua_State *, int)
    #cgo macro: int lua_istable(lua_State *, int)
    #cgo macro: int lua_isboolean(lua_State *, int)
    #cgo macro: int lua_islightuserdata(lua_State *, int)
    #cgo macro: int lua_isnil(lua_State *, int)
    #cgo macro: void lua_pushglobaltable(lua_State *)
    #cgo macro: void lua_insert(lua_State *, int)
    #cgo macro: void lua_remove(lua_State *, int)
    #cgo macro: void lua_replace(lua_State *, int)
    #cgo macro: void *lua_newuserdata(lua_State *, size_t)
    #cgo macro: int lua_getuservalue(lua_State *, int)
    #cgo macro: int lua_setuservalue(lua_State *, int)
    #cgo macro: const char *luaL_checkstring(lua_State *, int)
    #cgo macro: const char *luaL_optstring(lua_State *, int, const char *)
    #cgo macro: int luaL_loadbuffer(lua_State *, const char *, size_t, const char *)
    #cgo prototype: nullable_function lua_tocfunction(lua_State *, int)
    #include <lua.h>
    #include <lauxlib.h>
    #include <lualib.h>
    typedef int (*nullable_function)(lua_State *);
}

pub use c::*;

// What the published crate has beside Lua's own.
pub const LUA_MAX_UPVALUES: c_int = 255;
pub const LUA_TRACEBACK_STACK: c_int = 11;
pub const SYS_MIN_ALIGN: usize = 16;
pub const LUA_SIGNATURE: &[u8] = c::LUA_SIGNATURE.to_bytes();
pub const LUA_COLIBNAME: *const c_char = c::LUA_COLIBNAME.as_ptr();
pub const LUA_TABLIBNAME: *const c_char = c::LUA_TABLIBNAME.as_ptr();
pub const LUA_IOLIBNAME: *const c_char = c::LUA_IOLIBNAME.as_ptr();
pub const LUA_OSLIBNAME: *const c_char = c::LUA_OSLIBNAME.as_ptr();
pub const LUA_STRLIBNAME: *const c_char = c::LUA_STRLIBNAME.as_ptr();
pub const LUA_UTF8LIBNAME: *const c_char = c::LUA_UTF8LIBNAME.as_ptr();
pub const LUA_MATHLIBNAME: *const c_char = c::LUA_MATHLIBNAME.as_ptr();
pub const LUA_DBLIBNAME: *const c_char = c::LUA_DBLIBNAME.as_ptr();
pub const LUA_LOADLIBNAME: *const c_char = c::LUA_LOADLIBNAME.as_ptr();
pub const LUA_LOADED_TABLE: *const c_char = c::LUA_LOADED_TABLE.as_ptr();
pub const LUA_PRELOAD_TABLE: *const c_char = c::LUA_PRELOAD_TABLE.as_ptr();

pub unsafe fn lua_rawlen(state: *mut lua_State, index: c_int) -> usize {
    unsafe { c::lua_rawlen(state, index) as usize }
}

pub unsafe fn lua_pushliteral(state: *mut lua_State, text: &'static CStr) {
    unsafe { lua_pushstring(state, text.as_ptr()) };
}

pub unsafe fn lua_tolightuserdata(state: *mut lua_State, index: c_int) -> *mut c_void {
    match unsafe { lua_islightuserdata(state, index) } {
        0 => std::ptr::null_mut(),
        _ => unsafe { lua_touserdata(state, index) },
    }
}

pub unsafe fn lua_xpush(from: *mut lua_State, to: *mut lua_State, index: c_int) {
    unsafe { lua_pushvalue(from, index) };
    unsafe { lua_xmove(from, to, 1) };
}

pub unsafe fn luaL_loadbufferenv(
    state: *mut lua_State,
    data: *const c_char,
    size: usize,
    name: *const c_char,
    mode: *const c_char,
    environment: c_int,
) -> c_int {
    let environment = match environment {
        0 => 0,
        _ => unsafe { lua_absindex(state, environment) },
    };
    let status = unsafe { luaL_loadbufferx(state, data, size, name, mode) };
    if status == LUA_OK && environment != 0 {
        unsafe { lua_pushvalue(state, environment) };
        unsafe { lua_setupvalue(state, -2, 1) };
    }
    status
}
