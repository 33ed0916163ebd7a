//! SQLite through its C interface: `cargo run -p sqlite`. Needs sqlite3's headers and pkg-config.

use std::ffi::{CStr, c_int};
use std::ptr;

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: sqlite3
    #include <sqlite3.h>
}

/// An open database.
struct Database(*mut C::sqlite3);

impl Database {
    fn open(path: &CStr) -> Result<Database, String> {
        let mut handle = ptr::null_mut();
        let code = unsafe { C::sqlite3_open(path.as_ptr(), &mut handle) };
        let database = Database(handle);
        database.checked(code)?;
        Ok(database)
    }

    fn checked(&self, code: c_int) -> Result<(), String> {
        match code {
            C::SQLITE_OK | C::SQLITE_DONE | C::SQLITE_ROW => Ok(()),
            _ => Err(unsafe { C::GoString(C::sqlite3_errmsg(self.0)) }),
        }
    }

    fn execute(&self, sql: &CStr) -> Result<(), String> {
        self.checked(unsafe {
            C::sqlite3_exec(self.0, sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut())
        })
    }

    fn prepare(&self, sql: &CStr) -> Result<Statement<'_>, String> {
        let mut handle = ptr::null_mut();
        self.checked(unsafe {
            C::sqlite3_prepare_v2(self.0, sql.as_ptr(), -1, &mut handle, ptr::null_mut())
        })?;
        Ok(Statement {
            database: self,
            handle,
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        unsafe { C::sqlite3_close(self.0) };
    }
}

/// A prepared statement of a database that stays open at least as long.
struct Statement<'d> {
    database: &'d Database,
    handle: *mut C::sqlite3_stmt,
}

impl Statement<'_> {
    fn bind(&self, name: &str, age: i64) -> Result<(), String> {
        // SQLITE_TRANSIENT is a function pointer in a macro: SQLite copies the text during the call.
        let code = unsafe {
            C::sqlite3_bind_text(
                self.handle,
                1,
                name.as_ptr().cast(),
                name.len() as c_int,
                C::SQLITE_TRANSIENT(),
            )
        };
        self.database.checked(code)?;
        self.database
            .checked(unsafe { C::sqlite3_bind_int64(self.handle, 2, age) })
    }

    /// Whether there is another row.
    fn step(&self) -> Result<bool, String> {
        let code = unsafe { C::sqlite3_step(self.handle) };
        self.database.checked(code)?;
        Ok(code == C::SQLITE_ROW)
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        unsafe { C::sqlite3_finalize(self.handle) };
    }
}

fn main() -> Result<(), String> {
    let database = Database::open(c":memory:")?;
    database.execute(c"CREATE TABLE people (name TEXT, age INTEGER)")?;

    let insert = database.prepare(c"INSERT INTO people VALUES (?, ?)")?;
    for (name, age) in [("Ada", 36), ("Grace", 85), ("Zoë", 7)] {
        insert.bind(name, age)?;
        insert.step()?;
        database.checked(unsafe { C::sqlite3_reset(insert.handle) })?;
    }

    let query = database.prepare(c"SELECT name, age FROM people WHERE age > 10 ORDER BY age")?;
    while query.step()? {
        let name = unsafe { C::GoString(C::sqlite3_column_text(query.handle, 0)) };
        let age = unsafe { C::sqlite3_column_int64(query.handle, 1) };
        println!("{name} is {age}");
    }

    println!("{:?}", database.execute(c"SELECT * FROM nowhere"));
    Ok(())
}
