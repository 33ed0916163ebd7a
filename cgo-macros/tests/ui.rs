//! What the macro rejects, and the message for it. C's own messages are tested in `diagnostics.rs`, by their place.
//!
//! Each rustc words its own errors in its own way, so the texts are compared on the one that they are written for, and on others
//! the places alone.

// The lint's exception for tests does not reach functions beside them.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rustc of the `.stderr` files.
const TEXTS_ARE_OF: &str = "rustc 1.95.";

/// The lines and columns of a case's errors.
type Places = BTreeSet<String>;

#[test]
fn ui() {
    let rustc = Command::new("rustc").arg("--version").output().unwrap();
    if rustc.stdout.starts_with(TEXTS_ARE_OF.as_bytes()) {
        let cases = trybuild::TestCases::new();
        return cases.compile_fail("tests/ui/*.rs");
    }
    let (cases, found) = (cases(), places_found());
    let mut wrong = Vec::new();
    assert!(!cases.is_empty());
    for case in cases {
        let name = case.file_stem().unwrap().to_str().unwrap();
        let expected = places_in(&fs::read_to_string(case.with_extension("stderr")).unwrap());
        if found.get(name) != Some(&expected) {
            wrong.push((name.to_string(), expected, found.get(name)));
        }
    }
    assert!(wrong.is_empty(), "expected, and found: {wrong:#?}");
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let cases = files.map(|file| file.path());
    cases
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// The places in a text of rustc's: of each error's first lines the second is ` --> tests/ui/NAME.rs:8:74`.
fn places_in(text: &str) -> Places {
    let mut lines = text.lines();
    let mut places = Places::new();
    while let Some(line) = lines.next() {
        if line.starts_with("error") {
            let place = lines.find(|line| line.trim_start().starts_with("--> "));
            let place = place.and_then(|line| line.split_once(".rs:"));
            places.extend(place.map(|(_, place)| place.to_string()));
        }
    }
    places
}

/// Where this rustc sees errors, by the names of the cases: all are binaries of one package.
fn places_found() -> BTreeMap<String, Places> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    fs::create_dir_all(folder.join("src")).unwrap();
    let cgo = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut manifest = format!(
        "[package]\nname = \"ui\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nrust-cgo = {{ path = {cgo:?} }}\n"
    );
    for case in cases() {
        let name = case.file_stem().unwrap();
        manifest += &format!("[[bin]]\nname = {name:?}\npath = {case:?}\n");
    }
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let check = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--keep-going",
            "--message-format=short",
        ])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap();
    let said = String::from_utf8(check.stderr).unwrap();
    let mut found: BTreeMap<String, Places> = BTreeMap::new();
    for line in said.lines() {
        // `error: could not compile `ui` (bin "NAME") ..`: its errors may all be in other files.
        if let Some((_, rest)) = line.split_once("could not compile `ui` (bin \"") {
            let name = rest.split('"').next().unwrap_or_default();
            found.entry(name.to_string()).or_default();
        }
        // A line is `/../NAME.rs:8:74: error[E0277]: ..`.
        let Some((place, _)) = line.split_once(": error") else {
            continue;
        };
        if let Some((file, place)) = place.rsplit_once(".rs:") {
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            let places = found.entry(name.to_string()).or_default();
            places.insert(place.to_string());
        }
    }
    found
}
