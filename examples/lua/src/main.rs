//! A Lua program calls a Rust function: `cargo run -p lua-example`.

use std::ffi::{CStr, c_int};

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: lua5.4
    #include <lua.h>
    #include <lauxlib.h>
    #include <lualib.h>

    // Much of Lua's interface are macros with parameters.
    static int run(lua_State *L, const char *program) { return luaL_dostring(L, program); }
    static void set_function(lua_State *L, const char *name, lua_CFunction f) { lua_register(L, name, f); }
    static const char *to_string(lua_State *L, int index) { return lua_tostring(L, index); }
}

/// Sums its arguments. `luaL_checknumber` leaves by `longjmp` where one is no number, so nothing here needs to be dropped.
unsafe extern "C" fn sum(lua: *mut C::lua_State) -> c_int {
    let count = unsafe { C::lua_gettop(lua) };
    let numbers = (1..=count).map(|index| unsafe { C::luaL_checknumber(lua, index) });
    let total: f64 = numbers.sum();
    unsafe { C::lua_pushnumber(lua, total) };
    1
}

fn run(lua: *mut C::lua_State, program: &CStr) {
    unsafe {
        let code = C::run(lua, program.as_ptr());
        let said = C::GoString(C::to_string(lua, -1));
        let kind = if code == C::LUA_OK { "result" } else { "error" };
        println!("{kind}: {said}");
        C::lua_settop(lua, 0);
    }
}

fn main() {
    unsafe {
        let lua = C::luaL_newstate();
        C::luaL_openlibs(lua);
        C::set_function(lua, c"sum".as_ptr(), Some(sum));
        run(lua, c"return sum(1, 2.5, 3)");
        run(lua, c"return string.rep('lua ', sum(1, 1))");
        run(lua, c"return sum(1, {})");
        C::lua_close(lua);
    }
}
