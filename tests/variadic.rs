//! Functions with `...` written in Rust, and `va_list` between the two languages: what rustc can since 1.99, and what an older one
//! is told.

mod support;

use support::{Project, rustc_minor_version};

/// A program in which C calls Rust with `...`, and each hands its list on to the other.
const PROGRAM: &str = r#"
use std::ffi::*;

cgo::c_preamble! {
    #include <stdarg.h>
    #include <stdio.h>
    #include "_cgo_export.h"

    static long summed(void) { return total(4, 1, 2L, 3.5, &(int){4}); }
    static int text(char *to) { return write_text(to, "%d %s %.1f %d %d %d %d", 1, "two", 3.5, 4, 5, 6, 7); }
    static int caught(int a) { return catches(a, 1, 2); }

    /* The eighth is not in a register. */
    typedef double (*with_list)(int count, va_list list);
    static double call_with_list(with_list f, int count, ...) {
        va_list list;
        va_start(list, count);
        double result = f(count, list);
        va_end(list);
        return result;
    }
    static double list_to_export(int count, ...) {
        va_list list;
        va_start(list, count);
        double result = add_exported(count, list);
        va_end(list);
        return result;
    }
    static double listed_to_export(void) { return list_to_export(2, 1, 2, 0.5); }
    static double listed(with_list f) { return call_with_list(f, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0.5); }
}

#[cgo::export_c]
unsafe extern "C" fn total(count: c_int, mut args: ...) -> c_long {
    assert_eq!(count, 4);
    unsafe {
        let (a, b): (c_int, c_long) = (args.next_arg(), args.next_arg());
        let (c, d): (f64, *const c_int) = (args.next_arg(), args.next_arg());
        c_long::from(a) + b * 10 + (c * 200.0) as c_long + c_long::from(*d) * 1000
    }
}

/// Without `extern "C"`, and with a parameter that crosses in a form of its own.
#[cgo::export_c]
pub unsafe fn write_text(to: *mut c_char, format: &CStr, mut args: ...) -> c_int {
    let mut again = args.clone();
    unsafe {
        let length = C::vsnprintf(std::ptr::null_mut(), 0, format.as_ptr(), cgo::to_va_list(&mut args));
        C::vsnprintf(to, (length + 1) as _, format.as_ptr(), cgo::to_va_list(&mut again))
    }
}

#[cgo::export_c(on_panic = -1)]
unsafe fn catches(value: c_int, _: ...) -> c_int { assert_ne!(value, 3); value }

#[cgo::export_c(unwind)]
unsafe fn unwinds(value: c_int, mut args: ...) -> c_int {
    let next: c_int = unsafe { args.next_arg() };
    assert_ne!(value, next);
    value
}

#[cgo::export_c]
unsafe fn explodes(_: c_int, _: ...) { panic!("the reason") }

unsafe extern "C" fn add(count: c_int, list: LIST) -> f64 {
    let mut list = unsafe { cgo::from_va_list(list) };
    let whole: c_int = (0..count).map(|_| unsafe { list.next_arg::<c_int>() }).sum();
    f64::from(whole) + unsafe { list.next_arg::<f64>() }
}

#[cgo::export_c]
unsafe fn add_exported(count: c_int, list: LIST) -> f64 {
    unsafe { add(count, list) }
}

fn main() {
    unsafe {
        println!("{}", C::summed());
        let mut text = [0; 40];
        let length = C::text(text.as_mut_ptr());
        println!("{length} {}", CStr::from_ptr(text.as_ptr()).to_str().unwrap());
        println!("{} {}", C::caught(1), C::caught(3));
        let unwound = std::panic::catch_unwind(|| unwinds(2, 2 as c_int));
        println!("{} {}", unwinds(1, 2 as c_int), unwound.is_err());
        println!("{}", C::listed(Some(add)));
        println!("{}", C::listed_to_export());
        if std::env::args().count() > 1 { explodes(1, 2 as c_int); }
    }
}
"#;

/// What the C function's parameter is in Rust.
const LIST: &str = if cfg!(all(target_arch = "x86_64", not(windows))) {
    "*mut C::struct___va_list_tag"
} else {
    "C::va_list"
};

const OUTPUT: &str = "4721\n17 1 two 3.5 4 5 6 7\n1 -1\n1 true\n36.5\n3.5\n";

#[test]
fn c_calls_them_and_lists_go_both_ways() {
    let project = Project::new("variadic");
    project.file("src/main.rs", &PROGRAM.replace("LIST", LIST));
    if rustc_minor_version() < 99 {
        let said = project.cargo_fails("check -q");
        let needs = said.matches("`...` needs Rust 1.99 or later").count();
        assert_eq!((needs, said.matches("E0658").count()), (5, 0), "{said}");
        assert!(said.contains("src/main.rs:34:42"), "{said}");
        return;
    }
    assert_eq!(project.cargo("run -q"), OUTPUT);
    assert_eq!(project.cargo("run -q --release"), OUTPUT);

    let said = project.cargo_fails("run -q -- explodes");
    assert!(said.contains("exported function `explodes`"), "{said}");
}

#[test]
fn what_c_declares_has_the_dots_too() {
    if rustc_minor_version() < 99 {
        return;
    }
    let project = Project::new("variadic_in_c");
    for (declared, difference) in [
        ("int total(int count, ...);", None),
        (
            "int total(int count);",
            Some("it takes `...` here, and not in C"),
        ),
        (
            "int total(long count, ...);",
            Some(
                "parameter 1 is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C",
            ),
        ),
    ] {
        let source = format!(
            "cgo::c_preamble! {{\n#cgo header: ../all.h\n{declared}\n#include \"_cgo_export.h\"\n}}\n\
             #[cgo::export_c] pub unsafe fn total(count: i32, _: ...) -> i32 {{ count }}\n\
             #[cgo::export_c] pub unsafe fn other(text: &std::ffi::CStr, _: ...) {{ let _ = text; }}\n"
        );
        project.file("src/lib.rs", &source);
        match difference {
            None => drop(project.cargo("check -q")),
            Some(difference) => {
                let said = project.cargo_fails("check -q");
                for part in [difference, "lib.rs:3", "lib.rs:6"] {
                    assert!(said.contains(part), "{declared}: {part}\n{said}");
                }
                assert_eq!(said.matches("error[").count(), 1, "{said}");
            }
        }
    }
    let header = std::fs::read_to_string(project.path("all.h")).unwrap();
    for prototype in [
        "int32_t total(int32_t count, ...);",
        "void other(const char *text, ...);",
    ] {
        assert!(header.contains(prototype), "{header}");
    }
}
