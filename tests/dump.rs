//! `CGO_DUMP`: what a bug report needs is written down, also where the module is kept already.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Project, installed, run};

const MAIN: &str = "mod deep {\n    pub mod ffi {\n        cgo::c_preamble! {\n            pub mod C;\n            #cgo CFLAGS: -DADDED=2\n            #cgo SOURCES: more.c\n            int more(void);\n            static int sum(int a) { return a + ADDED + more(); }\n        }\n    }\n}\nfn main() { println!(\"{}\", unsafe { deep::ffi::C::sum(1) }); }\n";

fn project(name: &str) -> Project {
    let project = Project::new(name);
    project
        .file("src/main.rs", MAIN)
        .file("src/more.c", "int more(void) { return 30; }\n");
    project
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn only_folder(dump: &Path) -> PathBuf {
    let mut folders: Vec<PathBuf> = fs::read_dir(dump)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    folders.remove(0)
}

#[test]
fn everything_is_written_though_all_was_built() {
    let project = project("dumped");
    assert_eq!(project.cargo("run -q"), "33\n");
    let dump = project.path("my dump");
    let project = project.with_variable("CGO_DUMP", dump.to_str().unwrap());
    assert_eq!(project.compiled("build"), ["dumped"]);

    let folder = only_folder(&dump);
    let name = folder.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, "dumped-C-main.rs-5");
    let c = "static int sum(int a) { return a + ADDED + more(); }";
    for file in ["preamble.c", "probe.c", "library.c"] {
        assert!(read(&folder, file).contains(c), "{file}");
    }
    assert!(read(&folder, "cgo-probe").contains("_cgo_probe"));
    assert!(read(&folder, "library.c").contains("__alias__(\"sum\")"));
    assert!(read(&folder, "preamble.out").contains("#define ADDED 2"));
    assert!(read(&folder, "library.err").contains("exit status: 0"));
    assert!(read(&folder, "about.txt").contains("opt_level: \"0\""));
    for file in ["library.sh", "more.c.sh", "probe.sh", "preamble.sh"] {
        let script = read(&folder, file);
        assert!(script.contains(" -DADDED=2 "), "{file}: {script}");
    }

    let module = read(&folder, "module.rs");
    assert!(module.contains("pub mod C {"), "{module}");
    if installed("rustfmt") {
        let function = module.lines().find(|line| line.contains("fn sum("));
        let function = function.unwrap();
        assert!(function.starts_with("        pub fn sum("), "{module}");
    }
    assert!(!folder.join("errors.txt").exists());
}

#[test]
fn a_script_does_the_same_again() {
    // A variable with a name that no shell has.
    let project =
        project("done_again").with_variable("CFLAGS_x86_64-unknown-linux-gnu", "-DX=1 -DY=2");
    let dump = project.path("dump");
    let project = project.with_variable("CGO_DUMP", dump.to_str().unwrap());
    project.cargo("build");
    let folder = only_folder(&dump);
    for (script, object) in [
        ("probe", "probe.o"),
        ("library", "preamble.o"),
        ("more.c", "0.o"),
    ] {
        run(Command::new("sh").arg(folder.join(format!("{script}.sh"))));
        assert!(folder.join(object).exists(), "{script}");
    }
    let again = run(Command::new("sh").arg(folder.join("preamble.sh")));
    assert_eq!(again, read(&folder, "preamble.out"));
}

#[test]
fn an_error_is_written_too() {
    let project = project("dumped_error");
    let dump = project.path("dump");
    project.file("src/main.rs", &MAIN.replace("more()", "missing"));
    let project = project.with_variable("CGO_DUMP", dump.to_str().unwrap());
    project.cargo_fails("build");
    let folder = only_folder(&dump);
    assert!(read(&folder, "probe.err").contains("missing"));
    assert!(read(&folder, "errors.txt").contains("missing"));
    assert!(read(&folder, "module.rs").contains("mod C {"));
}

#[test]
fn each_preamble_has_a_folder_and_a_check_writes_no_library() {
    let project = Project::new("two_dumped");
    project
        .file("src/lib.rs", "pub mod a;\npub mod b;\n")
        .file("src/a.rs", "cgo::c_preamble! { int a; }\n")
        .file("src/b/mod.rs", "cgo::c_preamble! { int b; }\n");
    // A relative path starts where Cargo runs rustc: in the workspace's folder.
    let project = project.with_variable("CGO_DUMP", "below/dump");
    project.cargo("check");
    let dump = project.path("below/dump");
    for folder in ["two_dumped-C-a.rs-1", "two_dumped-C-b_mod.rs-1"] {
        assert!(dump.join(folder).join("probe.c").exists(), "{folder}");
        assert!(!dump.join(folder).join("library.c").exists(), "{folder}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_one_error() {
    let project = project("undumped");
    project.file("file", "");
    let place = project.path("file/dump");
    let project = project.with_variable("CGO_DUMP", place.to_str().unwrap());
    let said = project.cargo_fails("build");
    let errors = said.lines().filter(|line| line.starts_with("error: "));
    let errors: Vec<&str> = errors
        .filter(|line| !line.contains("could not compile"))
        .collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(
        errors[0].contains("cannot write") && errors[0].contains("file/dump"),
        "{said}"
    );
    assert!(said.contains("CGO_DUMP"), "{said}");
}
