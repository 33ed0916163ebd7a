//! Compares the values and types of random macros in Rust and in C, and what the module has with gcc and with clang:
//! `cargo run --release -p cgo-macro-fuzz -- --macros 500 --seed 1`. The same seed makes the same programs, which stay in
//! `target/macro-fuzz`.

mod grammar;
#[path = "../../headers/src/items.rs"]
#[allow(dead_code)] // The other proof counts them, too.
mod items;
#[path = "../../abi/src/random.rs"]
mod random;
mod source;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use cgo_driver::{ModuleVisibility, Place, Preamble, Session, expand, no_exports, this_machine};
use source::{Macro, Source};

const COMPILERS: [&str; 2] = ["gcc", "clang"];

/// The items of a module by their names.
type Items = BTreeMap<String, Vec<String>>;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// How many differences there are.
fn run() -> Result<usize, String> {
    let (mut macros, mut seed, mut asked_for_module) = (500, 1, false);
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|number| number.parse().ok());
        let number: u64 = number.ok_or(format!("{name} wants a number"))?;
        match name.as_str() {
            "--macros" => macros = number as usize,
            "--seed" => seed = number,
            "--module" => asked_for_module = true,
            _ => return Err(format!("{name}: there are --macros and --seed")),
        }
    }
    let source = Source::random(seed, macros);
    if asked_for_module {
        println!("{}", module(&source)?);
        return Ok(0);
    }
    let (mut differences, mut modules) = (0, Vec::new());
    for compiler in COMPILERS {
        let module = module_with(compiler)?;
        let items = items::texts(&module);
        differences += left_out(&source, compiler, &module, &items);
        let said = said(&source.program(&items), compiler)?;
        for line in said.lines() {
            println!("{compiler}: {line}");
            differences += 1;
        }
        modules.push(items);
    }
    differences += of_modules(&source, &modules);
    println!("{macros} macros, {differences} differences");
    Ok(differences)
}

/// How many macros the module does not have.
fn left_out(source: &Source, compiler: &str, module: &str, items: &Items) -> usize {
    let reasons = items::left_out(module);
    let is_left_out = |one: &&Macro| !items.contains_key(&one.name);
    let left_out = source.macros.iter().filter(is_left_out);
    left_out
        .map(|one| {
            let reason = reasons.iter().find(|(_, names)| names.contains(&one.name));
            let reason = reason.map_or("no reason", |(reason, _)| reason);
            println!("{compiler}: not bound: {reason}\n{}", one.text)
        })
        .count()
}

/// How many macros are another item with one compiler than with the other.
fn of_modules(source: &Source, modules: &[Items]) -> usize {
    // A function with an `__int128` is called by a shim with clang, gcc gives a large enumerator the type of its enumeration, and
    // C leaves the sign of a NaN open.
    let signature = |item: &String| {
        let end = item
            .contains(" fn ")
            .then(|| item.find([';', '{']))
            .flatten();
        let text = item[..end.unwrap_or(item.len())].trim_end();
        text.replace("unsafe ", "")
            .replace("enum_wide", "::core::ffi::c_long")
            .replace("(0xfff8000000000000)", "(0x7ff8000000000000)")
            .replace("(0xffc00000)", "(0x7fc00000)")
    };
    let of = |module: &Items, name: &String| -> Option<Vec<String>> {
        Some(module.get(name)?.iter().map(signature).collect())
    };
    let differ = |name: &String| of(&modules[0], name) != of(&modules[1], name);
    let mut count = 0;
    for one in source.macros.iter().filter(|one| differ(&one.name)) {
        print!("{}", one.text);
        for (compiler, items) in COMPILERS.iter().zip(modules) {
            println!("    {compiler}: {:?}", items.get(&one.name));
        }
        count += 1;
    }
    count
}

/// The module, with the compiler that `CC` names.
fn module(source: &Source) -> Result<String, String> {
    let folder = env::temp_dir();
    let preamble = Preamble {
        text: source.preamble.clone(),
        start: Place { line: 1, column: 1 },
        file: folder.join("fuzz.rs"),
        visibility: ModuleVisibility::Public,
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    };
    let session = Session::without_rustc(this_machine(), &folder, "fuzz");
    let expansion = expand(&preamble, &session, no_exports);
    match expansion.errors.first() {
        Some(error) => Err(error.message.to_string()),
        None => Ok(expansion.code.text()),
    }
}

/// The module as another process has it, since `CC` is one for a process.
fn module_with(compiler: &str) -> Result<String, String> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(this);
    command.args(env::args().skip(1)).args(["--module", "1"]);
    output(command.env("CC", compiler))
}

/// What the program says.
fn said(program: &str, compiler: &str) -> Result<String, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join("target/macro-fuzz").join(compiler);
    let manifest = format!(
        "[package]\nname = \"macro-fuzz\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nrust-cgo = {{ path = {workspace:?} }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    );
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("src")).map_err(failed)?;
    fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::write(folder.join("src/main.rs"), program).map_err(failed)?;
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet"]).current_dir(&folder);
    output(command.env("CC", compiler))
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!(
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}
