//! Debuggers and checkers see the C where it stands: in the Rust file, on its line, under its own name.

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::{Project, installed, run, said};

/// One preamble a form, each in a module of its own; the lines that the tests name end in a comment that says so.
const PROGRAM: &str = r##"mod tokens {
    pub mod inner {
        cgo::c_preamble! {
            #include <stdlib.h>
            /* Before the code stand a comment
               of two lines, */
            static int in_tokens(int value) {
                int doubled = value * 2;
                return doubled + 1; // STOP tokens
            }
            int *leak_in_tokens(void) {
                return malloc(12); // LEAK
            }
        }
        pub fn call() -> (i32, bool) {
            unsafe { (C::in_tokens(20), C::leak_in_tokens().is_null()) }
        }
    }
}
mod string {
    cgo::c_preamble!(r#"
#include <stdlib.h>
#define CONTINUED \
    3
        static int in_string(int value) {
            int tripled = value * CONTINUED;
            return tripled + 1; // STOP string
        }
    "#);
    pub fn call() -> i32 {
        unsafe { C::in_string(20) }
    }
}
mod comment {
    cgo::c_preamble! {/*
        #include <stdlib.h>
        int in_comment(int value) {
            int *block = malloc(sizeof *block);
            int squared = value * value;
            squared += block[value]; // READ
            free(block);
            return squared; // STOP comment
        }
    */}
    pub fn call(value: i32) -> i32 {
        unsafe { C::in_comment(value) }
    }
}
fn main() {
    println!("{:?} {} {}", tokens::inner::call(), string::call(), comment::call(1));
}
"##;

/// The line of the program that ends so.
fn line(end: &str) -> usize {
    let found = PROGRAM.lines().position(|line| line.ends_with(end));
    1 + found.expect("a line of the program")
}

/// The program, built with all that debuggers want.
fn build(name: &str) -> (Project, PathBuf) {
    let project = Project::new(name);
    project.file("src/main.rs", PROGRAM);
    project.cargo("build");
    let program = project.target().join("debug").join(name);
    (project, program)
}

#[test]
fn gdb_stops_at_lines_of_c_and_knows_its_variables() {
    if !installed("gdb") {
        return;
    }
    let (project, program) = build("debugged");
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch"]).current_dir(project.path(""));
    gdb.args(["-ex", "set breakpoint pending off"]);
    for form in ["tokens", "string", "comment"] {
        let stop = format!("break src/main.rs:{}", line(&format!("STOP {form}")));
        gdb.args(["-ex", &stop]);
    }
    gdb.args(["-ex", "run"]);
    for variable in ["doubled", "tripled", "value"] {
        gdb.args(["-ex", "backtrace 1", "-ex"])
            .arg(format!("print {variable}"))
            .args(["-ex", "continue"]);
    }
    let said = said(&gdb.arg(program).output().unwrap());
    if said.contains("ptrace: Operation not permitted") {
        println!("skipped: this machine lets no debugger in");
        return;
    }
    for (form, value) in [("tokens", "= 40"), ("string", "= 60"), ("comment", "= 1")] {
        let place = format!("main.rs:{}", line(&format!("STOP {form}")));
        let stopped = said
            .split("#0 ")
            .skip(1)
            .find(|frame| frame.trim_start().starts_with(&format!("in_{form} (")));
        let stopped = stopped.unwrap_or_else(|| panic!("no stop in in_{form}:\n{said}"));
        let frame = stopped.lines().next().unwrap();
        assert!(frame.contains(&place), "{place}:\n{said}");
        assert!(stopped.contains(value), "{form} {value}:\n{said}");
    }
}

/// The line of the innermost frame in the Rust file, in the part of valgrind's report that starts with `heading`.
fn reported(report: &str, heading: &str) -> String {
    let part = report.split(heading).nth(1);
    let part = part.unwrap_or_else(|| panic!("no {heading}:\n{report}"));
    let frame = part.lines().find(|line| line.contains("main.rs:"));
    frame.expect("a frame in the Rust file").to_string()
}

#[test]
fn valgrind_names_the_rust_file_and_the_line_of_c() {
    if !installed("valgrind") {
        return;
    }
    let (_project, program) = build("checked_by_valgrind");
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--leak-check=full").arg(program);
    let report = said(&valgrind.output().unwrap());
    let read = reported(&report, "Invalid read of size 4");
    assert!(
        read.contains(&format!("in_comment (main.rs:{})", line("READ"))),
        "{report}"
    );
    let leak = reported(&report, "are definitely lost");
    assert!(
        leak.contains(&format!("leak_in_tokens (main.rs:{})", line("LEAK"))),
        "{report}"
    );
}

/// A profiler looks the address up among the symbols: the C name must be there, and every other one ends with it.
#[test]
fn symbols_are_the_names_of_c() {
    let (_project, program) = build("symbols");
    let symbols = run(Command::new("nm").arg(program));
    let at = |name: &str| {
        let found = symbols
            .lines()
            .find(|line| line.ends_with(&format!(" {name}")));
        let (address, _) = found
            .and_then(|line| line.split_once(' '))
            .unwrap_or_else(|| panic!("no {name}"));
        address.to_string()
    };
    for name in ["in_tokens", "leak_in_tokens", "in_string", "in_comment"] {
        let address = at(name);
        for line in symbols.lines().filter(|line| line.starts_with(&address)) {
            let is_c = line.ends_with(&format!(" {name}"));
            let is_alias = line.contains(" T cgo_") && line.ends_with(&format!("_{name}"));
            assert!(is_c || is_alias, "{line}");
        }
    }
}

/// Run by `ci/sanitizers`: it needs a nightly toolchain, clang and a symbolizer.
#[test]
#[ignore = "needs a nightly toolchain"]
fn address_sanitizer_names_the_rust_file_and_the_line_of_c() {
    let project = Project::new("sanitized")
        .with_variable("CC", "clang")
        .with_variable("RUSTFLAGS", "-Zsanitizer=address")
        .with_variable("ASAN_OPTIONS", "allow_addr2line=1");
    project.file("src/main.rs", PROGRAM);
    let version = run(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let report = project.cargo_fails(&format!("run -q --target {}", host.unwrap()));
    let frame = report.lines().find(|line| line.contains("#0 "));
    let frame = frame.unwrap_or_else(|| panic!("no frame:\n{report}"));
    let place = format!("main.rs:{}", line("READ"));
    assert!(
        frame.contains("in in_comment") && frame.contains(&place),
        "{place}:\n{report}"
    );
}
