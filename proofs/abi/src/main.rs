//! Compares how Rust and C lay out and pass random types: `cargo run --release -p cgo-abi-fuzz -- --types 2000 --calls 5000`,
//! with `CC` naming the C compiler. Rust fills, C checks every member and byte and fills anew, Rust checks.
//!
//! The same `--seed` makes the same programs. They stay in `target/abi-fuzz`. `--target TRIPLE` builds them for another machine,
//! with the linker and the runner that Cargo's variables name.

mod bare;
mod bound;
mod c;
mod machine;
mod model;
mod random;
mod rust;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use machine::Machine;
use model::{Integers, Program, Value};

/// So many types and functions go in one program.
const TYPES: usize = 100;
const FUNCTIONS: usize = 120;

struct Options {
    types: usize,
    calls: usize,
    seed: u64,
    target: Option<String>,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        types: 2000,
        calls: 5000,
        seed: 1,
        target: None,
    };
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        if name == "--target" {
            options.target = value;
            continue;
        }
        let number = value.and_then(|number| number.parse().ok());
        let number: u64 = number.ok_or(format!("{name} wants a number"))?;
        match name.as_str() {
            "--types" => options.types = number as usize,
            "--calls" => options.calls = number as usize,
            "--seed" => options.seed = number,
            _ => {
                return Err(format!(
                    "{name}: there are --types, --calls, --seed and --target"
                ));
            }
        }
    }
    Ok(options)
}

/// Whether there was no difference.
fn run(options: &Options) -> Result<bool, String> {
    let machine = Machine::of(options.target.as_deref())?;
    let folder = workspace().join("target/abi-fuzz").join(machine.folder());
    // A call by pointer for each type, and one for each function; callbacks and variadic calls come on top.
    let by_types = options.types.div_ceil(TYPES);
    let by_calls = options.calls.div_ceil(TYPES + FUNCTIONS);
    let programs = by_types.max(by_calls);
    create(&folder, &machine)?;
    for number in 0..programs {
        let seed = options.seed * 1000 + number as u64;
        let program = Program::random(seed, TYPES, FUNCTIONS, &Integers::of(&machine));
        let text = text_of(&program, &machine)?;
        write(&folder.join(format!("src/bin/program{number}.rs")), &text)?;
    }
    cargo(&folder, &machine)?;
    let (mut types, mut calls, mut differences) = (0, 0, 0);
    for number in 0..programs {
        let program = machine.program(&folder, &format!("program{number}"));
        let output = machine
            .run(&program)
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let figures: Vec<usize> = said
            .lines()
            .last()
            .unwrap_or_default()
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        let [of_types, of_calls, of_differences] = figures[..] else {
            return Err(format!(
                "program{number} broke off: {}\n{said}",
                output.status
            ));
        };
        if of_differences > 0 {
            print!("program{number}: {said}");
        }
        types += of_types;
        calls += of_calls;
        differences += of_differences;
    }
    println!(
        "{}: {types} types, {calls} calls, {differences} differences",
        machine.name()
    );
    Ok(differences == 0)
}

/// The types go through the engine once alone, which tells what can stand after `...`.
fn text_of(program: &Program, machine: &Machine) -> Result<String, String> {
    let none = vec![false; program.variadics.len()];
    let bound = bound::bind(&c::write(program, &none), machine.target.clone())?;
    let fits = |values: &Vec<Value>| {
        let mut values = values.iter();
        values.all(|value| rust::goes_in_variadic(program, &bound, *value))
    };
    let variadics: Vec<bool> = program.variadics.iter().map(fits).collect();
    Ok(rust::write(
        program,
        &bound,
        &c::write(program, &variadics),
        machine,
    ))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A package whose programs are those that are written to it.
fn create(folder: &Path, machine: &Machine) -> Result<(), String> {
    let programs = folder.join("src/bin");
    // Those of another run may be more.
    let _ = fs::remove_dir_all(&programs);
    let features = match machine.has_system() {
        true => "",
        false => ", default-features = false, features = [\"export\"]",
    };
    let manifest = format!(
        "[package]\nname = \"abi-fuzz\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nrust-cgo = {{ path = {:?}{features} }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n",
        workspace()
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    if !machine.has_system() {
        let script = bare::build_script(&machine.target.arch);
        write(&folder.join("build.rs"), &script)?;
    }
    let lock = workspace().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    write(&folder.join("Cargo.lock"), &lock)
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| format!("{}: {error}", file.display()))
}

fn cargo(folder: &Path, machine: &Machine) -> Result<(), String> {
    let cargo = env::var("CARGO").unwrap_or("cargo".to_string());
    let status = Command::new(cargo)
        .args(["build", "--offline", "--quiet"])
        .args(
            machine
                .foreign
                .then(|| format!("--target={}", machine.target.triple)),
        )
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err("the programs do not build".to_string()),
    }
}
