//! What each preamble in `expansions/` is expanded to, as text. `CGO_UPDATE=1 cargo test -p cgo-driver` writes the
//! texts anew; what the module does when compiled is tested in the facade's tests.

// The lint's exception for tests does not reach functions beside them.
#![allow(clippy::unwrap_used)]

use std::env;
use std::fs;
use std::path::Path;

use cgo_driver::{ModuleVisibility, Place, Preamble, Session, expand, no_exports, this_machine};

fn session(folder: &Path) -> Session {
    Session {
        crate_root: Some(folder.join("lib.rs")),
        ..Session::without_rustc(this_machine(), folder, "expansions")
    }
}

fn preamble(file: &Path) -> Preamble {
    Preamble {
        text: fs::read_to_string(file).unwrap(),
        start: Place { line: 1, column: 1 },
        file: file.to_path_buf(),
        visibility: ModuleVisibility::Public,
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    }
}

/// What the module's documentation says of the names that are not in it.
fn reason<'c>(code: &'c str, name: &str) -> Option<&'c str> {
    let (_, list) = code.split_once("Not bound:")?;
    let (_, reason) = list.split_once(&format!("`{name}`: "))?;
    reason.split("\\n").next()
}

/// The module without what it watches, which is this machine's.
fn expanded(file: &Path) -> String {
    let expansion = expand(
        &preamble(file),
        &session(file.parent().unwrap()),
        no_exports,
    );
    assert_eq!(expansion.errors, [], "{}", file.display());
    let watched = |line: &&str| {
        !line.contains("::core::include_bytes!") && !line.contains("::core::option_env!")
    };
    expansion
        .code
        .text()
        .lines()
        .filter(watched)
        .map(|line| format!("{line}\n"))
        .collect()
}

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions");
    let code = expanded(&folder.join(format!("{name}.c")));
    let kept = folder.join(format!("{name}.expanded"));
    if env::var_os("CGO_UPDATE").is_some() {
        fs::write(&kept, &code).unwrap();
    }
    assert_eq!(
        code,
        fs::read_to_string(&kept).unwrap(),
        "CGO_UPDATE=1 writes {}",
        kept.display()
    );
}

#[test]
fn functions() {
    check("functions");
}

#[test]
fn names_of_parameters() {
    check("parameters");
}

#[test]
fn records() {
    check("records");
}

#[test]
fn enumerations_as_types() {
    check("enums");
}

#[test]
fn comments_and_what_the_documentation_leaves_out() {
    check("comments");
}

#[test]
fn constants() {
    check("constants");
}

#[test]
fn what_is_left_out() {
    check("left_out");
}

/// What the compiler says of each is its own affair.
#[test]
fn macros_that_mean_nothing_outside_of_a_function() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions");
    let code = expanded(&folder.join("places.c"));
    for name in [
        "AT_EACH_USE",
        "COUNTED",
        "IN_STATEMENT",
        "INSIDE",
        "HANDED_ON",
        "IN_RECORD",
        "AS_NUMBER",
        "CAST",
        "NEXT_OF_PART",
        "CHOSEN",
        "BEHIND_COMMA",
    ] {
        let reason = reason(&code, name).unwrap_or_else(|| panic!("{name} is bound:\n{code}"));
        assert!(reason.contains("compound literal"), "{name}: {reason}");
    }
    for name in ["LINE", "PLACE", "NUMBER", "FUNCTION"] {
        let reason = reason(&code, name).unwrap_or_else(|| panic!("{name} is bound:\n{code}"));
        assert!(
            reason.contains("depends on where C uses it"),
            "{name}: {reason}"
        );
    }
    for name in ["BITS", "BITS_BY_POINTER"] {
        let reason = reason(&code, name).unwrap_or_else(|| panic!("{name} is bound:\n{code}"));
        assert!(reason.contains("bit-field"), "{name}: {reason}");
    }
    // For x86, clang knows it and gives no type of it.
    if let Some(reason) = reason(&code, "_mm_pause") {
        assert!(reason.contains("built into the compiler"), "{reason}");
    }
}
