//! Compares what the header of a crate's exports says in C with what rustc computes: random enums, structs and unions, with values and
//! lengths that are random expressions over constants in many modules. `cargo run --release -p cgo-export-fuzz -- --items 500
//! --seed 1`, with `CC` naming the C compiler. The same seed makes the same program, which stays in `target/export-fuzz`.

mod expression;
#[path = "../../abi/src/random.rs"]
mod random;
mod source;

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use source::Source;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether there was no difference.
fn run() -> Result<bool, String> {
    let (mut items, mut seed) = (500, 1);
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|number| number.parse().ok());
        let number: u64 = number.ok_or(format!("{name} wants a number"))?;
        match name.as_str() {
            "--items" => items = number as usize,
            "--seed" => seed = number,
            _ => return Err(format!("{name}: there are --items and --seed")),
        }
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join("target/export-fuzz");
    let source = Source::random(seed, items);
    let manifest = format!(
        "[package]\nname = \"export-fuzz\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nrust-cgo = {{ path = {workspace:?} }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    );
    for (file, text) in [("Cargo.toml", &manifest), ("src/main.rs", &source.text)] {
        let file = folder.join(file);
        let parent = file.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, text))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let output = Command::new("cargo")
        .args(["run", "--quiet"])
        .current_dir(&folder)
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    if !output.status.success() {
        return Err(format!(
            "{}: {}",
            folder.display(),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok(said.trim_end().ends_with(", 0 differences"))
}
