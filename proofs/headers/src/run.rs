//! Builds a crate that binds all of a library, and asks bindgen for the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Trouble;
use crate::libraries::Library;

/// The C compiler of this run.
pub(crate) fn compiler() -> String {
    std::env::var("CC").unwrap_or_else(|_| "cc".to_string())
}

/// The compiler's flags for the library.
pub(crate) fn flags(library: &Library) -> Result<Vec<String>, Trouble> {
    let Some(package) = library.package else {
        return Ok(Vec::new());
    };
    let output = Command::new("pkg-config")
        .args(["--cflags", package])
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout)
            .split_whitespace()
            .map(str::to_string)
            .collect()),
        _ => Err(Trouble::Missing(format!("pkg-config has no {package}"))),
    }
}

fn includes(library: &Library) -> String {
    // A machine may have fewer of the system's headers.
    let includes = library
        .headers
        .iter()
        .map(|header| format!("#if __has_include(<{header}>)\n#include <{header}>\n#endif\n"));
    format!("{}\n{}", library.before, includes.collect::<String>())
}

/// The preamble that binds all of the library.
pub(crate) fn preamble(library: &Library) -> String {
    let package = library.package.map_or(String::new(), |package| {
        format!("#cgo pkg-config: {package}\n")
    });
    format!("{package}#cgo bind: *\n{}", includes(library))
}

/// The module, as the macro expands it and rustc has compiled it.
pub(crate) fn module(library: &Library) -> Result<String, Trouble> {
    let folder = folder(library);
    let dump = folder.join("dump");
    let _ = fs::remove_dir_all(&dump);
    let cgo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = format!(
        "[package]\nname = \"bound\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nrust-cgo = {{ path = {cgo:?} }}\n"
    );
    let source = format!(
        "#![allow(deprecated)]\ncgo::c_preamble! {{\npub mod C;\n{}}}\n",
        preamble(library)
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("src/lib.rs"), &source)?;
    // A build and no check: what the shims need of C is compiled too.
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.with_file_name("target"))
        .env("CGO_DUMP", &dump)
        .output()
        .map_err(|error| Trouble::Failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Trouble::Failed(said.chars().take(4000).collect()));
    }
    let entries = fs::read_dir(&dump).map_err(|error| Trouble::Failed(error.to_string()))?;
    let module = entries
        .flatten()
        .map(|entry| entry.path().join("module.rs"))
        .next();
    let module = module.ok_or(Trouble::Failed("no dump was written".to_string()))?;
    fs::read_to_string(&module).map_err(|error| Trouble::Failed(error.to_string()))
}

/// What bindgen makes of the same headers.
pub(crate) fn bindgen(library: &Library, flags: &[String]) -> Result<String, Trouble> {
    bindgen::Builder::default()
        .header_contents("all.h", &includes(library))
        .clang_args(flags)
        .layout_tests(false)
        .prepend_enum_name(false)
        .generate_comments(false)
        .generate()
        .map(|bindings| bindings.to_string())
        .map_err(|error| Trouble::Failed(format!("bindgen: {error}")))
}

/// The macros that the headers define and undefine again: C does not know them, bindgen keeps them.
pub(crate) fn undefined(library: &Library, flags: &[String]) -> Result<BTreeSet<String>, Trouble> {
    let text = preprocess(library, &compiler(), flags)?;
    let names = text.lines().filter_map(|line| line.strip_prefix("#undef "));
    Ok(names.map(|name| name.trim().to_string()).collect())
}

/// The headers as the compiler sees them, with the definitions of macros.
pub(crate) fn preprocessed(library: &Library, compiler: &str) -> Result<String, Trouble> {
    preprocess(library, compiler, &flags(library)?)
}

fn preprocess(library: &Library, compiler: &str, flags: &[String]) -> Result<String, Trouble> {
    let file = folder(library).join("all.h");
    write(&file, &includes(library))?;
    let output = Command::new(compiler)
        .args(flags)
        .args(["-E", "-dD", "-x", "c"])
        .arg(&file)
        .output()
        .map_err(|error| Trouble::Failed(error.to_string()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn folder(library: &Library) -> PathBuf {
    let name: String = library
        .name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/headers")
        .join(name)
}

pub(crate) fn write(file: &Path, text: &str) -> Result<(), Trouble> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| Trouble::Failed(format!("cannot write {}: {error}", file.display())))
}
