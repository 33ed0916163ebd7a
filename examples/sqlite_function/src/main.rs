//! Rust closures as SQL functions, as collations and as receivers of rows: `cargo run -p sqlite_function`. Needs sqlite3's headers and
//! pkg-config.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::rc::Rc;

use cgo::{c_preamble, callback};

c_preamble! {
    #cgo pkg-config: sqlite3
    #include <sqlite3.h>
}

/// An open database.
struct Database(*mut C::sqlite3);

impl Database {
    fn open(path: &CStr) -> Result<Database, String> {
        let mut handle = null_mut();
        let code = unsafe { C::sqlite3_open(path.as_ptr(), &mut handle) };
        let database = Database(handle);
        database.checked(code)?;
        Ok(database)
    }

    fn checked(&self, code: c_int) -> Result<(), String> {
        match code {
            C::SQLITE_OK => Ok(()),
            _ => Err(unsafe { C::GoString(C::sqlite3_errmsg(self.0)) }),
        }
    }

    /// Makes `function` an SQL function of one number. SQLite owns it then.
    fn define(&self, name: &CStr, function: impl Fn(f64) -> f64 + 'static) -> Result<(), String> {
        let (call, data, destroy) = callback(
            move |context: *mut C::sqlite3_context,
                  _: c_int,
                  arguments: *mut *mut C::sqlite3_value| unsafe {
                let argument = C::sqlite3_value_double(*arguments);
                C::sqlite3_result_double(context, function(argument));
            },
        )
        // There is no parameter for the user data: SQLite keeps it in the context.
        .owned_data_by(|context, _, _| unsafe { C::sqlite3_user_data(context) })
        .into_parts();
        self.checked(unsafe {
            C::sqlite3_create_function_v2(
                self.0,
                name.as_ptr(),
                1,
                C::SQLITE_UTF8,
                data,
                Some(call),
                None,
                None,
                Some(destroy), // which SQLite calls even if this fails
            )
        })
    }

    /// Makes `compare` an order of texts, for `COLLATE`. SQLite owns it then.
    fn collate(
        &self,
        name: &CStr,
        compare: impl Fn(&str, &str) -> Ordering + 'static,
    ) -> Result<(), String> {
        let compare =
            move |length_a: c_int, a: *const c_void, length_b: c_int, b: *const c_void| {
                let [a, b] = [(a, length_a), (b, length_b)]
                    .map(|(text, n)| unsafe { C::GoStringN(text, n) });
                compare(&a, &b) as c_int
            };
        let (call, data, destroy) = callback(compare).owned_data_first().into_parts();
        let code = unsafe {
            C::sqlite3_create_collation_v2(
                self.0,
                name.as_ptr(),
                C::SQLITE_UTF8,
                data,
                Some(call),
                Some(destroy),
            )
        };
        if code != C::SQLITE_OK {
            // Unlike a function's, SQLite leaves this to its caller.
            unsafe { destroy(data) };
        }
        self.checked(code)
    }

    /// Calls `row` with the columns of each row, as text.
    fn query(&self, sql: &CStr, mut row: impl FnMut(&[String])) -> Result<(), String> {
        let row = |count: c_int, values: *mut *mut c_char, _: *mut *mut c_char| {
            let values = unsafe { cgo::slice(values, count as usize) };
            let values: Vec<String> = values
                .iter()
                .map(|&value| unsafe { C::GoString(value) })
                .collect();
            row(&values);
            0
        };
        // After a panic in `row`, 1 makes SQLite stop, and then the panic goes on.
        let code = callback(row)
            .on_panic(1)
            .data_first(|function, data| unsafe {
                C::sqlite3_exec(self.0, sql.as_ptr(), Some(function), data, null_mut())
            });
        self.checked(code)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        unsafe { C::sqlite3_close(self.0) };
    }
}

fn main() -> Result<(), String> {
    let database = Database::open(c":memory:")?;
    let calls = Rc::new(Cell::new(0));

    let factor = 1.25;
    let counter = calls.clone();
    database.define(c"with_tax", move |price| {
        counter.set(counter.get() + 1);
        price * factor
    })?;

    let sql = c"
        CREATE TABLE fruit (name TEXT, price REAL);
        INSERT INTO fruit VALUES ('pear', 2), ('mango', 10), ('fig', 0.8);
        SELECT name, with_tax(price) FROM fruit ORDER BY price;
    ";
    database.query(sql, |row| println!("{}", row.join(" ")))?;
    database.collate(c"by_length", |a, b| a.len().cmp(&b.len()).then(a.cmp(b)))?;
    let by_length = c"SELECT name FROM fruit ORDER BY name COLLATE by_length";
    database.query(by_length, |row| println!("{}", row.join(" ")))?;
    println!("{} calls, {} owners", calls.get(), Rc::strong_count(&calls));

    println!("{:?}", database.query(c"SELECT with_tax()", |_| ()));
    drop(database);
    println!("{} owner left", Rc::strong_count(&calls));
    Ok(())
}
