//! Measures what cgo adds to the clean build of a project that has syn and serde_derive already, as most have.

use std::fs;
use std::path::Path;

use crate::cargo::Crate;
use crate::programs::cgo_dependency;

/// What the others have already.
const SERDE: &str = "serde_derive = \"1\"\nsyn = { version = \"3\", features = [\"full\"] }\n";

/// Measures and prints; `bare` is what cgo adds to a project without any dependency, in seconds.
pub(crate) fn measure(parent: &Path, bare: f64, rounds: usize) -> Result<(), String> {
    let folder = parent.join("beside");
    let program = "fn main() {}\n";
    let without = create(
        &folder,
        "without",
        &format!("[dependencies]\n{SERDE}"),
        program,
    )?;
    let with = create(
        &folder,
        "with",
        &format!("{}{SERDE}", cgo_dependency()),
        "cgo::c_preamble! { static int one(void) { return 1; } }\nfn main() { unsafe { C::one() }; }\n",
    )?;
    let [mut without_times, mut with_times] = [const { Vec::new() }; 2];
    for _ in 0..rounds {
        without_times.push(clean(&without, parent)?);
        with_times.push(clean(&with, parent)?);
    }
    let median = |times| crate::median(times).unwrap_or(f64::NAN);
    let (without, with) = (median(without_times), median(with_times));
    let added = with - without;
    println!("\nA clean build beside syn and serde_derive, in s; medians of {rounds} rounds\n");
    println!("{without:>8.2}  without cgo");
    println!("{with:>8.2}  with cgo");
    println!(
        "\nadded: {added:.2} s, goal at most what it adds to a bare project, {bare:.2} s: {}",
        crate::verdict(added <= bare)
    );
    Ok(())
}

fn create(folder: &Path, name: &str, dependencies: &str, program: &str) -> Result<Crate, String> {
    let made = Crate::create(
        folder.join(name),
        folder.join("target"),
        &format!("beside-{name}"),
        dependencies,
    )?;
    made.write("src/main.rs", program)?;
    made.fetch()?;
    Ok(made)
}

/// Seconds of a build into an empty folder.
fn clean(made: &Crate, parent: &Path) -> Result<f64, String> {
    let target = parent.join("clean-beside");
    let time = made.time_clean_build(&target)?.as_secs_f64();
    fs::remove_dir_all(&target)
        .map_err(|error| format!("cannot remove {}: {error}", target.display()))?;
    Ok(time)
}
