//! What a kept module depends on. Each test changes one kind of input and wants the new module wherever C is asked for: from a build, a
//! check, a test and the documentation. Where Cargo itself cannot see the change, the crate is compiled for another reason.

#![cfg(unix)]

mod support;

#[path = "stale/damage.rs"]
mod damage;
#[path = "stale/headers.rs"]
mod headers;
#[path = "stale/libraries.rs"]
mod libraries;
#[path = "stale/sources.rs"]
mod sources;
#[path = "stale/tools.rs"]
mod tools;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Project, c_compiler, run};

/// A crate whose constant `NUMBER` and function `f` say what the C says.
struct Asked {
    project: Project,
    name: &'static str,
    preamble: String,
}

impl Asked {
    /// `preamble` defines the macro `V`.
    fn new(project: Project, name: &'static str, preamble: &str) -> Asked {
        project.file(
            "src/main.rs",
            &format!("fn main() {{ println!(\"{{}}\", {name}::f()); }}"),
        );
        let preamble =
            format!("{preamble}\nenum {{ NUMBER = V }};\nstatic int f(void) {{ return V; }}\n");
        Asked {
            project,
            name,
            preamble,
        }
    }

    /// The crate is compiled anew, and says `value`.
    fn says(&self, value: i32) {
        let preamble = &self.preamble;
        self.file(
            "src/lib.rs",
            &format!(
                "cgo::c_preamble! {{ pub mod C;\n{preamble}}}\npub fn f() -> i32 {{ unsafe {{ C::f() }} }}\n\
                 #[test] fn t() {{ println!(\"f is {{}}\", f()); }}\n// Edited for {value}.\n"
            ),
        );
        self.still_says(value);
    }

    /// It says `value`, to a check, a build, a test and in the documentation, and Cargo sees for itself that it must be compiled.
    fn still_says(&self, value: i32) {
        let Asked { project, name, .. } = self;
        self.file(
            "examples/check.rs",
            &format!("const _: () = assert!({name}::C::NUMBER as i32 == {value});\nfn main() {{}}"),
        );
        project.cargo("check --example check");
        assert_eq!(project.cargo("run -q"), format!("{value}\n"));
        let tested = run(project
            .command("test --lib")
            .env("RUST_TEST_NOCAPTURE", "1"));
        assert!(tested.contains(&format!("f is {value}\n")), "{tested}");
        project.cargo("doc --no-deps --lib");
        let page = format!("doc/{name}/C/constant.NUMBER.html");
        let page = fs::read_to_string(project.target().join(page)).unwrap();
        assert!(page.contains(&format!("= {value}")), "not {value}: {page}");
    }

    fn file(&self, path: &str, text: &str) -> &Asked {
        self.project.file(path, text);
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path(path)
    }
}

/// An executable script.
fn script(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let new = file.with_extension("new");
    fs::write(&new, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(new, file).unwrap();
}

/// A library of this name with `int more(void) { return VALUE; }`.
fn library(project: &Project, file: &str, value: i32, more: &[&str]) {
    let source = project.path("more.c");
    fs::write(&source, format!("int more(void) {{ return {value}; }}\n")).unwrap();
    let file = project.path(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&file);
    let mut compiler = Command::new(c_compiler());
    if file.extension().is_some_and(|end| end == "so") {
        run(compiler
            .args(["-shared", "-fPIC", "-o"])
            .arg(&file)
            .arg(&source)
            .args(more));
        return;
    }
    let object = project.path("more.o");
    run(compiler
        .args(["-c", "-fPIC", "-o"])
        .arg(&object)
        .arg(&source));
    run(Command::new("ar").arg("crs").arg(&file).arg(&object));
}
