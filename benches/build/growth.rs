//! Measures how the time of a build grows with the header: N functions and N structs, each used from Rust by its name.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::cargo::Crate;
use crate::programs::cgo_dependency;

/// Each is twice the one before.
const SIZES: [usize; 3] = [250, 500, 1000];
/// The most that the last size may take, in seconds.
const GOAL: f64 = 1.5;

/// Measures and prints. The crates share `target` with a crate that has built their dependencies already.
pub(crate) fn measure(parent: &Path, target: &Path, rounds: usize) -> Result<(), String> {
    let crates = SIZES
        .into_iter()
        .map(|size| create(size, parent, target))
        .collect::<Result<Vec<_>, _>>()?;
    let mut times = vec![Vec::new(); SIZES.len()];
    for round in 1..=rounds {
        for ((size, made), times) in SIZES.into_iter().zip(&crates).zip(&mut times) {
            times.push(time(made, size, round)?.as_secs_f64());
        }
    }
    let medians: Vec<f64> = times.into_iter().filter_map(crate::median).collect();
    print(&medians, rounds);
    Ok(())
}

fn create(size: usize, parent: &Path, target: &Path) -> Result<Crate, String> {
    let name = format!("growth-{size}");
    let files = [
        ("src/lib.rs", library(size)),
        ("src/growth.h", header(size, 0)),
    ];
    Crate::built_library(parent, target, &name, &cgo_dependency(), &files)
}

/// One build after an edit of the header, so that nothing that was learned from it before is of use.
fn time(made: &Crate, size: usize, edit: usize) -> Result<Duration, String> {
    made.write("src/growth.h", &header(size, edit))?;
    made.time("build")
}

fn header(size: usize, edit: usize) -> String {
    let mut text = format!("/* Edit {edit}. */\n");
    for index in 0..size {
        let _ = writeln!(
            text,
            "struct s{index} {{\n    int a;\n    double b;\n    char *c;\n    long d;\n    unsigned char e;\n}};\n\n\
             /* Does the work number {index}. */\nint f{index}(struct s{index} *s, int a);\n"
        );
    }
    text
}

/// A library: it may call functions that are nowhere defined.
fn library(size: usize) -> String {
    let mut text = "cgo::c_preamble! {\n    #include \"growth.h\"\n}\n\n".to_string();
    for index in 0..size {
        let _ = writeln!(
            text,
            "pub unsafe fn call{index}(s: *mut C::struct_s{index}) -> i32 {{\n    unsafe {{ C::f{index}(s, (*s).a) }}\n}}\n"
        );
    }
    text
}

fn print(medians: &[f64], rounds: usize) {
    println!(
        "Build after an edit of a header of N functions and N structs, rustc included; medians of {rounds} rounds\n"
    );
    println!("{:>6}{:>12}{:>22}", "N", "seconds", "ratio to half of N");
    for (index, (size, seconds)) in SIZES.iter().zip(medians).enumerate() {
        let ratio = index.checked_sub(1).map_or_else(
            || "-".to_string(),
            |before| format!("{:.2}", seconds / medians[before]),
        );
        println!("{size:>6}{seconds:>12.2}{ratio:>22}");
    }
    if let (Some(size), Some(seconds)) = (SIZES.last(), medians.last()) {
        println!(
            "\nN = {size}: {seconds:.2} s, goal at most {GOAL:.2} s: {}",
            crate::verdict(*seconds <= GOAL)
        );
    }
}
