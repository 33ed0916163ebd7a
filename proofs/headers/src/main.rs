//! Binds everything that the headers of many C libraries declare, compiles it with all its layout proofs, and counts: how
//! many names there are, how many are bound, why each other is not, and what bindgen has that is missing here.
//!
//! `CC=clang cargo run --release -p cgo-headers` prints the table; with names of libraries behind it, for those alone, and with
//! `--write` the table goes into `proofs/headers/RESULTS-clang.md`. Libraries that are not installed are passed over with a
//! word. `--one-api` compares what gcc and clang make of them instead. bindgen reads with clang, so only with clang are its names compared: gcc has other headers of its own.
//! Where there are several clangs, `LIBCLANG_PATH` names the library of the one that `CC` names, for bindgen.

mod items;
mod libraries;
mod one_api;
mod run;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use items::Items;
use libraries::{LIBRARIES, Library};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let write = arguments.iter().any(|argument| argument == "--write");
    let wanted: Vec<&String> = arguments
        .iter()
        .filter(|name| !name.starts_with("--"))
        .collect();
    if arguments.iter().any(|argument| argument == "--one-api") {
        return match one_api::run(&wanted) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        };
    }
    if let [flag, name] = &arguments[..]
        && flag == "--expand"
    {
        return match one_api::module(name) {
            Ok(module) => {
                println!("{module}");
                ExitCode::SUCCESS
            }
            Err(Trouble::Missing(said) | Trouble::Failed(said)) => {
                eprintln!("{said}");
                ExitCode::FAILURE
            }
        };
    }
    let mut results = Vec::new();
    for library in &LIBRARIES {
        if !wanted.is_empty() && !wanted.iter().any(|name| *name == library.name) {
            continue;
        }
        match measure(library) {
            Ok(result) => {
                println!("{}", row(&result));
                results.push(result);
            }
            Err(Trouble::Missing(what)) => println!("{}: passed over: {what}", library.name),
            Err(Trouble::Failed(said)) => {
                eprintln!("{}: FAILED\n{said}", library.name);
                return ExitCode::FAILURE;
            }
        }
    }
    let table = table(&results);
    println!("\n{table}");
    if write {
        let name = format!("RESULTS-{}.md", run::compiler());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if let Err(error) = std::fs::write(&file, table) {
            eprintln!("cannot write {}: {error}", file.display());
            return ExitCode::FAILURE;
        }
    }
    let missing: usize = results.iter().map(|result| result.missing.len()).sum();
    match missing {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Why a library has no figures.
pub(crate) enum Trouble {
    /// It is not installed.
    Missing(String),
    Failed(String),
}

/// One library's figures.
struct Measured {
    name: &'static str,
    ours: Items,
    /// Names that are not bound, by the reason.
    left_out: BTreeMap<String, Vec<String>>,
    bindgen: Items,
    /// What bindgen has and we have neither bound nor given a reason for.
    missing: Vec<String>,
}

fn measure(library: &Library) -> Result<Measured, Trouble> {
    let flags = run::flags(library)?;
    let module = run::module(library)?;
    let ours = items::of_module(&module);
    let left_out = items::left_out(&module);
    let bindgen = items::of_module(&run::bindgen(library, &flags)?);
    let undefined = run::undefined(library, &flags)?;
    let missing = bindgen.names.iter().filter(|name| {
        let said = left_out.values().flatten().any(|left| left == *name);
        !has(&ours, name) && !said && !undefined.contains(*name)
    });
    let missing = match run::compiler().contains("clang") {
        true => missing.cloned().collect(),
        false => Vec::new(),
    };
    Ok(Measured {
        name: library.name,
        ours,
        left_out,
        bindgen,
        missing,
    })
}

/// bindgen names a tag without its keyword and with the struct's name around it, and numbers the second of two functions
/// that have one symbol. What it makes up itself is nothing of C, and what the compiler predefines no file declares.
fn has(ours: &Items, name: &str) -> bool {
    let names = &ours.names;
    let tagged = |name: &str| {
        let mut tags = ["struct_", "union_", "enum_"].iter();
        tags.any(|tag| names.contains(&format!("{tag}{name}")))
    };
    let inner = || {
        name.match_indices('_')
            .any(|(at, _)| tagged(&name[at + 1..]))
    };
    // A keyword of Rust's.
    let plain = name.strip_suffix('_').unwrap_or(name);
    let numbered = name
        .strip_suffix('1')
        .is_some_and(|name| names.contains(name));
    let own = ["__bindgen", "_bindgen_ty", "__Bindgen", "__Incomplete"];
    let predefined = ["__builtin_va_list", "__int128_t", "__uint128_t"];
    names.contains(name)
        || names.contains(plain)
        || tagged(name)
        || inner()
        || numbered
        || own.iter().any(|own| name.contains(own))
        || predefined.contains(&name)
}

fn row(result: &Measured) -> String {
    let Items {
        functions,
        variables,
        types,
        constants,
        ..
    } = &result.ours;
    let left_out: usize = result.left_out.values().map(Vec::len).sum();
    let missing = match run::compiler().contains("clang") {
        true => result.missing.len().to_string(),
        false => "-".to_string(),
    };
    let all = |items: &Items| items.functions + items.variables + items.types + items.constants;
    format!(
        "| {} | {} | {} | {functions} | {types} | {variables} | {constants} | {left_out} | {} | {missing} |",
        result.name,
        all(&result.ours) + left_out,
        all(&result.ours),
        all(&result.bindgen),
    )
}

fn table(results: &[Measured]) -> String {
    let mut text = String::from("# Every name of many headers\n\n");
    let compiler = run::compiler();
    let _ = writeln!(
        text,
        "Written by `CC={compiler} cargo run --release -p cgo-headers -- --write`. Each row is one preamble with `#cgo bind: *`, which has\n\
         compiled with all its layout proofs. \"missing\" counts names that bindgen binds and this has neither bound nor given a reason for;\n\
         it is counted with clang, whose headers bindgen reads.\n\n\
         | library | names | bound | functions | types | variables | constants | left out | bindgen binds | missing |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for result in results {
        let _ = writeln!(text, "{}", row(result));
    }
    let mut reasons: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for result in results {
        for (reason, names) in &result.left_out {
            let (count, examples) = reasons.entry(reason).or_default();
            *count += names.len();
            examples.extend(names.iter().take(3).map(String::as_str));
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let _ = writeln!(
        text,
        "\n| names | why they are left out | such as |\n| --- | --- | --- |"
    );
    for (reason, (count, mut examples)) in reasons {
        examples.dedup();
        examples.truncate(3);
        let _ = writeln!(text, "| {count} | {reason} | `{}` |", examples.join("`, `"));
    }
    for result in results.iter().filter(|result| !result.missing.is_empty()) {
        let _ = writeln!(
            text,
            "\nMissing of {}: {}",
            result.name,
            result.missing.join(", ")
        );
    }
    text
}
