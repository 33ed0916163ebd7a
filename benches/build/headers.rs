//! Measures what big headers cost a crate that uses little of them: N functions of which it calls one, in a folder of system
//! headers, as those of pkg-config's packages are.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::cargo::Crate;
use crate::programs::cgo_dependency;

/// Each after the first is twice the one before. GTK has 33000 names.
const SIZES: [usize; 4] = [1, 8000, 16000, 32000];
/// How many times as long as with the first size a build may take with the last, after an edit of the Rust.
const GOAL: f64 = 1.5;

/// Measures and prints. The crates share `target` with a crate that has built their dependencies already.
pub(crate) fn measure(parent: &Path, target: &Path, rounds: usize) -> Result<(), String> {
    let crates = SIZES
        .into_iter()
        .map(|size| create(size, parent, target))
        .collect::<Result<Vec<_>, _>>()?;
    let mut after_c = vec![Vec::new(); SIZES.len()];
    let mut after_rust = vec![Vec::new(); SIZES.len()];
    for round in 1..=rounds {
        for (index, made) in crates.iter().enumerate() {
            made.write("include/many.h", &header(SIZES[index], round))?;
            after_c[index].push(milliseconds(made.time("build")?));
        }
        for (index, made) in crates.iter().enumerate() {
            made.write("src/lib.rs", &library(round))?;
            after_rust[index].push(milliseconds(made.time("build")?));
        }
    }
    let medians = |times: Vec<Vec<f64>>| times.into_iter().filter_map(crate::median).collect();
    print(medians(after_c), medians(after_rust), rounds);
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn create(size: usize, parent: &Path, target: &Path) -> Result<Crate, String> {
    let name = format!("headers-{size}");
    let files = [
        ("src/lib.rs", library(0)),
        ("include/many.h", header(size, 0)),
    ];
    Crate::built_library(parent, target, &name, &cgo_dependency(), &files)
}

fn header(size: usize, edit: usize) -> String {
    let mut text = format!("/* Edit {edit}. */\n");
    for index in 0..size {
        let _ = writeln!(
            text,
            "/* Does the work number {index}. */\nint do_the_work_number_{index}(const char *s, int a);\n"
        );
    }
    text
}

/// A library: it may call functions that are nowhere defined.
fn library(edit: usize) -> String {
    format!(
        "cgo::c_preamble! {{\n    #cgo CFLAGS: -isystem ${{SRCDIR}}/../include\n    #include <many.h>\n}}\n\n\
         pub const EDIT: usize = {edit};\n\n\
         pub unsafe fn call() -> i32 {{\n    unsafe {{ C::do_the_work_number_0(c\"s\".as_ptr(), 1) }}\n}}\n"
    )
}

fn print(after_c: Vec<f64>, after_rust: Vec<f64>, rounds: usize) {
    println!(
        "\nBuild of a crate that uses one of N functions of a system header, in ms; medians of {rounds} rounds\n"
    );
    println!("{:>6}{:>18}{:>16}", "N", "edit the header", "edit the Rust");
    for ((size, after_c), after_rust) in SIZES.iter().zip(&after_c).zip(&after_rust) {
        println!("{size:>6}{after_c:>18.0}{after_rust:>16.0}");
    }
    if let (Some(size), Some(first), Some(last)) =
        (SIZES.last(), after_rust.first(), after_rust.last())
    {
        let ratio = last / first;
        println!(
            "\nN = {size}, edit the Rust: {ratio:.2} times N = 1, goal at most {GOAL:.2}: {}",
            crate::verdict(ratio <= GOAL)
        );
    }
}
