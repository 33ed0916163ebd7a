//! Measures what a big C file of `SOURCES` costs, beside the C compiler alone: a first build, and an edit of the preamble, which
//! the file knows nothing of.

use std::env;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::cargo::Crate;
use crate::programs::cgo_dependency;

/// Some seconds of compiling, as SQLite's single file takes.
const FUNCTIONS: usize = 10_000;
/// How many times as long as the compiler alone a first build may take.
const GOAL: f64 = 1.3;
/// How much longer an edit of the preamble may take with the file than without it, in parts of compiling the file.
const EDIT_GOAL: f64 = 0.05;

/// Measures and prints. The crates share `target` with a crate that has built their dependencies already.
pub(crate) fn measure(parent: &Path, target: &Path, rounds: usize) -> Result<(), String> {
    let folder = parent.join("sources");
    let without = create(&folder, target, "without", "")?;
    let [mut alone, mut first, mut edit, mut edit_without] = [const { Vec::new() }; 4];
    for round in 1..=rounds {
        // A crate of its own each time, since only that has nothing kept.
        let with = create(
            &folder,
            target,
            &format!("with-{round}"),
            "#cgo SOURCES: many.c",
        )?;
        first.push(with.time("build")?);
        alone.push(compiler_alone(&with.folder)?);
        edit.push(edit_preamble(&with, "#cgo SOURCES: many.c", round)?);
        edit_without.push(edit_preamble(&without, "", round)?);
    }
    let median = |times: Vec<Duration>| {
        crate::median(times.iter().map(Duration::as_secs_f64).collect()).unwrap_or(f64::NAN)
    };
    print(
        median(alone),
        median(first),
        median(edit),
        median(edit_without),
        rounds,
    );
    Ok(())
}

fn create(folder: &Path, target: &Path, name: &str, directive: &str) -> Result<Crate, String> {
    let made = Crate::create(
        folder.join(name),
        target.to_path_buf(),
        &format!("sources-{name}"),
        &cgo_dependency(),
    )?;
    made.write("src/many.c", &functions())?;
    made.write("src/lib.rs", &library(directive, 0))?;
    made.fetch()?;
    if directive.is_empty() {
        made.time("build")?;
    }
    Ok(made)
}

fn edit_preamble(made: &Crate, directive: &str, edit: usize) -> Result<Duration, String> {
    made.write("src/lib.rs", &library(directive, edit))?;
    made.time("build")
}

/// A library: the functions of the file may be nowhere defined.
fn library(directive: &str, edit: usize) -> String {
    format!(
        "cgo::c_preamble! {{\n    {directive}\n    int work_0(int *list, int length);\n    \
         static inline int edit(void) {{ return {edit}; }}\n}}\n\n\
         pub fn call() -> i32 {{\n    unsafe {{ C::work_0(std::ptr::null_mut(), C::edit()) }}\n}}\n"
    )
}

fn functions() -> String {
    let mut text = String::new();
    for index in 0..FUNCTIONS {
        let _ = writeln!(
            text,
            "int work_{index}(int *list, int length) {{\n    int sum = {index};\n    \
             for (int i = 0; i < length; i++) {{\n        if (list[i] > sum)\n            list[i] -= sum;\n        \
             else\n            sum += list[i] * 3;\n    }}\n    return sum;\n}}"
        );
    }
    text
}

/// With the flags of a debug build: no optimizing, debug information, code for a shared library.
fn compiler_alone(folder: &Path) -> Result<Duration, String> {
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let start = Instant::now();
    let status = Command::new(compiler)
        .args(["-c", "-O0", "-g", "-fPIC", "src/many.c", "-o", "many.o"])
        .current_dir(folder)
        .status()
        .map_err(|error| format!("cannot run the C compiler: {error}"))?;
    match status.success() {
        true => Ok(start.elapsed()),
        false => Err("the C compiler does not compile many.c".to_string()),
    }
}

fn print(alone: f64, first: f64, edit: f64, edit_without: f64, rounds: usize) {
    println!("\nA C file of {FUNCTIONS} functions by SOURCES, in s; medians of {rounds} rounds\n");
    println!("{alone:>8.2}  the C compiler alone");
    println!("{first:>8.2}  first build");
    println!("{edit:>8.2}  edit of the preamble");
    println!("{edit_without:>8.2}  edit of the same preamble without the file");
    let ratio = first / alone;
    println!(
        "\nfirst build: {ratio:.2} times the compiler alone, goal at most {GOAL:.2}: {}",
        crate::verdict(ratio <= GOAL)
    );
    let excess = (edit - edit_without) / alone;
    println!(
        "edit of the preamble: {excess:+.2} of compiling the file, goal at most {EDIT_GOAL:+.2}: {}",
        crate::verdict(excess <= EDIT_GOAL)
    );
}
