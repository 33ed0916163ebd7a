//! The program that is built: Rust hands C a string and C prints it, made in seven ways.
//!
//! In the texts `@C@` and `@RUST@` stand for the numbers that an edit changes. The program prints both, so that each
//! build shows that it holds the edit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::cargo::Crate;

/// How Rust comes to call C.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Cgo,
    /// Without the feature `export`, as a crate depends on it that only calls C.
    CgoWithoutExport,
    Bindgen,
    Cxx,
    RustCpp,
    HandWritten,
    RustAlone,
}

impl Kind {
    /// In the order of the enum, so that a kind is its own index.
    pub(crate) const ALL: [Kind; 7] = [
        Kind::Cgo,
        Kind::CgoWithoutExport,
        Kind::Bindgen,
        Kind::Cxx,
        Kind::RustCpp,
        Kind::HandWritten,
        Kind::RustAlone,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Cgo => "cgo",
            Kind::CgoWithoutExport => "no `export`",
            Kind::Bindgen => "bindgen + cc",
            Kind::Cxx => "cxx",
            Kind::RustCpp => "rust-cpp",
            Kind::HandWritten => "extern + cc",
            Kind::RustAlone => "Rust alone",
        }
    }

    fn dependencies(self) -> String {
        match self {
            Kind::Cgo => cgo_dependency(),
            Kind::CgoWithoutExport => {
                dependency_with(", default-features = false, features = [\"std\"]")
            }
            Kind::Bindgen => "[build-dependencies]\nbindgen = \"0.72\"\ncc = \"1\"\n".to_string(),
            Kind::Cxx => {
                "[dependencies]\ncxx = \"1\"\n[build-dependencies]\ncxx-build = \"1\"\n".to_string()
            }
            Kind::RustCpp => {
                "[dependencies]\ncpp = \"0.5\"\n[build-dependencies]\ncpp_build = \"0.5\"\n"
                    .to_string()
            }
            Kind::HandWritten => "[build-dependencies]\ncc = \"1\"\n".to_string(),
            Kind::RustAlone => String::new(),
        }
    }

    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::Cgo | Kind::CgoWithoutExport => &[("src/main.rs", CGO_MAIN)],
            Kind::Bindgen => &[
                ("src/main.rs", BINDGEN_MAIN),
                ("build.rs", BINDGEN_BUILD),
                ("hello.c", HELLO_C),
                ("hello.h", HELLO_H),
            ],
            Kind::Cxx => &[
                ("src/main.rs", CXX_MAIN),
                ("build.rs", CXX_BUILD),
                ("hello.cc", HELLO_C),
                ("hello.h", HELLO_H),
            ],
            Kind::RustCpp => &[("src/main.rs", RUST_CPP_MAIN), ("build.rs", RUST_CPP_BUILD)],
            Kind::HandWritten => &[
                ("src/main.rs", HAND_MAIN),
                ("build.rs", HAND_BUILD),
                ("hello.c", HELLO_C),
                ("hello.h", HELLO_H),
            ],
            Kind::RustAlone => &[("src/main.rs", RUST_MAIN)],
        }
    }
}

/// The manifest's lines by which a crate depends on this workspace.
pub(crate) fn cgo_dependency() -> String {
    dependency_with("")
}

/// The same, with what stands behind the path.
fn dependency_with(features: &str) -> String {
    format!(
        "[dependencies]\nrust-cgo = {{ path = {:?}{features} }}\n",
        env!("CARGO_MANIFEST_DIR")
    )
}

const CGO_MAIN: &str = r#"cgo::c_preamble! {
    #include <stdio.h>
    #include <stdlib.h>

    static void myprint(char *s) { printf("%s, C %d\n", s, @C@); }
}

const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = C::CString(format!("Rust {EDIT_@RUST@}"));
    unsafe {
        C::myprint(text);
        C::free(text.cast());
    }
}
"#;

const BINDGEN_MAIN: &str = r#"use std::ffi::CString;

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = CString::new(format!("Rust {EDIT_@RUST@}")).unwrap();
    unsafe { bindings::myprint(text.as_ptr().cast_mut()) };
}
"#;

// Without the `rerun-if-changed` lines an edit of the Rust would run the build script too.
const BINDGEN_BUILD: &str = r#"use std::{env, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=hello.c");
    println!("cargo::rerun-if-changed=hello.h");
    cc::Build::new().file("hello.c").compile("hello");
    let bindings = bindgen::Builder::default().header("hello.h").allowlist_function("myprint").generate().unwrap();
    bindings.write_to_file(Path::new(&env::var("OUT_DIR").unwrap()).join("bindings.rs")).unwrap();
}
"#;

const CXX_MAIN: &str = r#"use std::ffi::{CString, c_char};

#[cxx::bridge]
mod bridge {
    unsafe extern "C++" {
        include!("hello.h");
        unsafe fn myprint(s: *mut c_char);
    }
}

const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = CString::new(format!("Rust {EDIT_@RUST@}")).unwrap();
    unsafe { bridge::myprint(text.as_ptr().cast_mut()) };
}
"#;

const CXX_BUILD: &str = r#"fn main() {
    println!("cargo::rerun-if-changed=src/main.rs");
    println!("cargo::rerun-if-changed=hello.cc");
    println!("cargo::rerun-if-changed=hello.h");
    cxx_build::bridge("src/main.rs").file("hello.cc").include(".").compile("hello");
}
"#;

const RUST_CPP_MAIN: &str = r#"use std::ffi::CString;
use cpp::cpp;

cpp! {{
    #include <stdio.h>

    static void myprint(const char *s) { printf("%s, C %d\n", s, @C@); }
}}

const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = CString::new(format!("Rust {EDIT_@RUST@}")).unwrap();
    let s = text.as_ptr();
    unsafe { cpp!([s as "const char *"] { myprint(s); }) };
}
"#;

const RUST_CPP_BUILD: &str = r#"fn main() {
    println!("cargo::rerun-if-changed=src/main.rs");
    cpp_build::build("src/main.rs");
}
"#;

const HAND_MAIN: &str = r#"use std::ffi::{CString, c_char};

unsafe extern "C" {
    fn myprint(s: *mut c_char);
}

const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = CString::new(format!("Rust {EDIT_@RUST@}")).unwrap();
    unsafe { myprint(text.as_ptr().cast_mut()) };
}
"#;

const HAND_BUILD: &str = r#"fn main() {
    println!("cargo::rerun-if-changed=hello.c");
    println!("cargo::rerun-if-changed=hello.h");
    cc::Build::new().file("hello.c").compile("hello");
}
"#;

const HELLO_C: &str = r#"#include "hello.h"
#include <stdio.h>

void myprint(char *s) { printf("%s, C %d\n", s, @C@); }
"#;

const HELLO_H: &str = "void myprint(char *s);\n";

const RUST_MAIN: &str = r#"const EDIT_@RUST@: u32 = @RUST@;

fn main() {
    let text = format!("Rust {EDIT_@RUST@}");
    println!("{text}, C 0");
}
"#;

/// One way's crate, and the edits that it has seen.
pub(crate) struct Program {
    pub(crate) kind: Kind,
    files: Crate,
    c_edits: usize,
    rust_edits: usize,
}

impl Program {
    pub(crate) fn create(kind: Kind, parent: &Path) -> Result<Program, String> {
        let folder = parent.join(kind.name().replace(' ', ""));
        let files = Crate::create(
            folder.clone(),
            folder.join("target"),
            "hello",
            &kind.dependencies(),
        )?;
        let program = Program {
            kind,
            files,
            c_edits: 0,
            rust_edits: 0,
        };
        program.write("")?;
        program.files.fetch()?;
        Ok(program)
    }

    pub(crate) fn target_folder(&self) -> PathBuf {
        self.files.target.clone()
    }

    pub(crate) fn edit_c(&mut self) -> Result<(), String> {
        self.c_edits += 1;
        self.write("@C@")
    }

    pub(crate) fn edit_rust(&mut self) -> Result<(), String> {
        self.rust_edits += 1;
        self.write("@RUST@")
    }

    pub(crate) fn check(&self) -> Result<Duration, String> {
        self.files.time("check")
    }

    pub(crate) fn build(&self) -> Result<Duration, String> {
        let duration = self.files.time("build")?;
        self.prove(&self.files.target)?;
        Ok(duration)
    }

    /// Builds into a folder of its own, which the edits do not touch.
    pub(crate) fn clean_build(&self) -> Result<Duration, String> {
        let target = self.files.folder.join("target-clean");
        let duration = self.files.time_clean_build(&target)?;
        self.prove(&target)?;
        fs::remove_dir_all(&target)
            .map_err(|error| format!("cannot remove {}: {error}", target.display()))?;
        Ok(duration)
    }

    /// Writes the files that hold `marker`, with the edits' numbers. The others keep their time of change.
    fn write(&self, marker: &str) -> Result<(), String> {
        for (name, text) in self
            .kind
            .files()
            .iter()
            .filter(|(_, text)| text.contains(marker))
        {
            let text = text
                .replace("@C@", &self.c_edits.to_string())
                .replace("@RUST@", &self.rust_edits.to_string());
            self.files.write(name, &text)?;
        }
        Ok(())
    }

    /// Runs the program: what it prints tells whether it was built from the last edit.
    fn prove(&self, target: &Path) -> Result<(), String> {
        let file = target
            .join("debug")
            .join(format!("hello{}", std::env::consts::EXE_SUFFIX));
        let output = Command::new(&file)
            .output()
            .map_err(|error| format!("cannot run {}: {error}", file.display()))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let expected = format!("Rust {}, C {}", self.rust_edits, self.c_edits);
        match printed.trim_end() == expected {
            true => Ok(()),
            false => Err(format!(
                "{} printed `{}` instead of `{expected}`",
                file.display(),
                printed.trim_end()
            )),
        }
    }
}
