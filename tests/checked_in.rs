//! `#cgo bindings:`: a module that its author checks in, and that stands in where what it is made from is missing.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use support::{Project, manifest, run, said};

const HEADER: &str = "struct pair { int number; char letter; };\n/* Its size. */\nint abs(int number);\nint labs_of(long number);\n#define LIMIT 7\n";

const PROGRAM: &str = "
    fn main() {
        let pair = z::struct_pair { number: -3, letter: 0 };
        println!(\"{} {}\", unsafe { z::abs(pair.number) }, z::LIMIT);
    }
";

/// A program with a header that is no part of the preamble, and more C behind its `#include`.
fn program(name: &str, more: &str, rust: &str) -> Project {
    let project = Project::new(name);
    project.file("include/pair.h", HEADER).file(
        "src/main.rs",
        &format!("cgo::c_preamble! {{\n    pub mod z;\n    #cgo bindings: bindings.rs\n    #cgo CFLAGS: -I../include\n    #include <pair.h>\n    {more}\n}}\n{rust}"),
    );
    project
}

/// The same after its author had the bindings written and the header is gone.
fn without_header(name: &str, more: &str, rust: &str) -> Project {
    let project = program(name, more, rust);
    write(&project);
    lose_header(&project);
    project
}

fn write(project: &Project) {
    run(project.command("check").env("CGO_BINDINGS", "write"));
}

fn lose_header(project: &Project) {
    fs::remove_file(project.path("include/pair.h")).unwrap();
    // Cargo does not see that a header is gone.
    let main = fs::read(project.path("src/main.rs")).unwrap();
    fs::write(project.path("src/main.rs"), main).unwrap();
}

/// The file for this machine.
fn bindings(project: &Project) -> PathBuf {
    let version = run(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    project.path(&format!("src/bindings.{}.rs", host.unwrap()))
}

fn edit(project: &Project, from: &str, to: &str) {
    let text = fs::read_to_string(bindings(project)).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(bindings(project), text.replace(from, to)).unwrap();
}

#[test]
fn a_build_writes_nothing_by_itself() {
    let project = program("bindings_unasked", "", PROGRAM);
    assert_eq!(project.cargo("run -q"), "3 7\n");
    assert!(!bindings(&project).exists());
}

#[test]
fn another_value_of_the_variable_is_an_error() {
    let project = program("bindings_misspelled", "", PROGRAM);
    let mut misspelled = project.command("check");
    let output = misspelled.env("CGO_BINDINGS", "wirte").output().unwrap();
    assert!(said(&output).contains("`CGO_BINDINGS` is `wirte`"));
    assert!(!bindings(&project).exists());
}

#[test]
fn they_stand_in_for_a_header() {
    let project = without_header("bindings_header", "", PROGRAM);
    assert_eq!(project.cargo("run -q"), "3 7\n");
}

#[test]
fn they_stand_in_for_the_compiler() {
    let project = program("bindings_compiler", "", PROGRAM).with_own_target();
    write(&project);
    let mut without = project.command("run -q");
    assert_eq!(run(without.env("CC", "/nonexistent/cc")), "3 7\n");
}

#[test]
fn what_a_package_gave_the_linker_is_kept() {
    let name = "bindings_package";
    let project = program(name, "#cgo pkg-config: bindings-test", PROGRAM).with_own_target();
    let pc = "Name: bindings-test\nDescription: a test\nVersion: 1\nLibs: -L/nowhere -lm\n";
    project.file("pc/bindings-test.pc", pc);
    let mut with = project.command("check");
    with.env("CGO_BINDINGS", "write");
    run(with.env("PKG_CONFIG_PATH", project.path("pc")));
    let text = fs::read_to_string(bindings(&project)).unwrap();
    assert!(text.contains("// ldflags: -lm\n"), "{text}");
    assert_eq!(project.cargo("run -q"), "3 7\n");
}

#[test]
fn they_are_documented() {
    let project = without_header("bindings_doc", "", PROGRAM);
    project.cargo("doc --no-deps");
    let page = project.target().join("doc/bindings_doc/z/fn.abs.html");
    assert!(fs::read_to_string(page).unwrap().contains("Its size."));
}

/// docs.rs has the package alone, not the C that its author compiles.
#[test]
fn they_are_documented_without_sources() {
    let project = program("bindings_doc_sources", "#cgo SOURCES: ../more.c", PROGRAM);
    project.file("more.c", "int more;\n");
    write(&project);
    fs::remove_file(project.path("more.c")).unwrap();
    let mut doc = project.command("doc --no-deps");
    run(doc.env("DOCS_RS", "1"));
    let page = project
        .target()
        .join("doc/bindings_doc_sources/z/fn.abs.html");
    assert!(fs::read_to_string(page).unwrap().contains("Its size."));
    let said = project.cargo_fails("check");
    assert!(said.contains("in `SOURCES:` not found"), "{said}");
}

#[test]
fn what_needs_c_says_so_where_it_is_used() {
    let more = "static int glue(int a) { return a; }\n    int shared(int a) { return a; }";
    let unused = without_header("bindings_unused_glue", more, PROGRAM);
    assert_eq!(unused.cargo("run -q"), "3 7\n");
    for name in ["glue", "shared"] {
        let rust = format!("fn main() {{ unsafe {{ z::{name}(1) }}; }}");
        let used = without_header("bindings_glue", more, &rust);
        let said = used.cargo_fails("check");
        let why = format!("`{name}` of C is not bound: it needs compiled C");
        assert!(said.contains(&why), "{said}");
    }
}

#[test]
fn their_author_is_told_what_they_leave_out() {
    let more = "static int glue(int a) { return a; }\n    static int idle(void) { return 1; }\n    #define twice(a) (2 * (a))\n    #cgo macro: int twice(int)\n    \
                #cgo strip: z_\n    static int z_short(void) { return 3; }";
    let rust = "use z as sys;\nfn main() { unsafe { assert_eq!(z::glue(1) + z::twice(3) + sys::short(), 10) } }";
    let project = program("bindings_leave_out", more, rust);
    let mut write = project.command("check");
    let output = write.env("CGO_BINDINGS", "write").output().unwrap();
    let warning = "which its checked-in bindings leave out: `glue`, `twice`, `z_short`";
    let said_of_it = said(&output);
    assert_eq!(said_of_it.matches(warning).count(), 1, "{said_of_it}");
    assert!(said_of_it.contains("--> src/main.rs:3:5"), "{said_of_it}");
    assert!(!said_of_it.contains("idle"), "{said_of_it}");
    // A build that writes nothing says nothing.
    let output = project.command("run").output().unwrap();
    assert!(!said(&output).contains(warning), "{}", said(&output));
}

#[test]
fn a_wrong_layout_does_not_compile() {
    let project = without_header("bindings_layout", "", PROGRAM);
    edit(
        &project,
        "pub letter: ::core::ffi::c_char",
        "pub letter: ::core::ffi::c_longlong",
    );
    let said = project.cargo_fails("check");
    assert!(said.contains("E0080"), "{said}");
}

#[test]
fn the_author_hears_of_stale_ones() {
    let stale = |project: &Project, why: &str| {
        let said = project.cargo_fails("check");
        assert!(said.contains("are stale: ") && said.contains(why), "{said}");
        write(project);
        project.cargo("check");
    };
    let project = program("bindings_stale", "", PROGRAM);
    write(&project);
    let main = fs::read_to_string(project.path("src/main.rs")).unwrap();
    project.file(
        "src/main.rs",
        &main.replace("\n}\n", "\n\n#define MORE 1\n}\n"),
    );
    stale(&project, "another preamble");
    project.file(
        "include/pair.h",
        &HEADER.replace("char letter", "long letter"),
    );
    stale(&project, "a header of the package has changed");
    // The headers of the system have names that nobody asked for yet.
    let including = main.replace("#include", "#include <stdlib.h>\n    #include");
    project.file("src/main.rs", &including);
    stale(&project, "another preamble");
    project.file(
        "src/main.rs",
        &format!("{including}fn end() {{ unsafe {{ z::exit(1) }} }}"),
    );
    stale(&project, "uses `exit`, which the bindings");
}

/// The package is missing, so that the crate's own copy is compiled, which is of another version.
#[test]
fn those_of_a_package_are_not_stale_for_the_own_copy() {
    let name = "bindings_own_copy";
    let project = Project::new(name).with_own_target();
    project.file("copy/pair.h", &format!("{HEADER}#define NEWER 8\n"));
    project.file("system/pair.h", HEADER);
    project.file(
        "src/main.rs",
        &format!(
            "cgo::c_preamble! {{\n    pub mod z;\n    #cgo bindings: bindings.rs\n    #cgo package(pair) pkg-config: pair\n    \
             #cgo !package(pair) CFLAGS: -I../copy\n    #include <pair.h>\n}}\n{PROGRAM}"
        ),
    );
    let pc = "Name: pair\nDescription: a test\nVersion: 1\nCflags: -I${pcfiledir}/../system\nLibs: -lm\n";
    project.file("pc/pair.pc", pc);
    let with_package = |value: &str| {
        let mut check = project.command("check");
        run(check
            .env("CGO_BINDINGS", value)
            .env("PKG_CONFIG_PATH", project.path("pc")))
    };
    with_package("write");
    assert_eq!(project.cargo("run -q"), "3 7\n");
    with_package("");
}

#[test]
fn a_user_gets_by_with_stale_ones() {
    let project = without_header("bindings_stale_user", "", PROGRAM);
    edit(&project, "// call: ", "// call: 0");
    let said = project.cargo_fails("check");
    assert!(
        said.contains("No such file") || said.contains("file not found"),
        "{said}"
    );
    assert!(said.contains("are stale: "), "{said}");
    // As Cargo has it for a dependency from a registry.
    let mut dependency = project.command("run -q");
    assert_eq!(
        run(dependency.env("RUSTFLAGS", "--cap-lints allow")),
        "3 7\n"
    );
}

#[test]
fn those_of_other_features_are_not_used() {
    let more = "#cgo wide CFLAGS: -DWIDE";
    let project = program("bindings_features", more, PROGRAM);
    let features = manifest("bindings_features", "2024", "\n[features]\nwide = []\n");
    project.manifest(&features);
    write(&project);
    // The author builds with all sets of features.
    project.cargo("check --features wide");
    lose_header(&project);
    assert_eq!(project.cargo("run -q"), "3 7\n");
    let said = project.cargo_fails("check --features wide");
    let why = "are for other conditions: `wide` holds here alone";
    assert!(said.contains(why), "{said}");
}

#[test]
fn sources_cannot_be_replaced() {
    let more = "#cgo SOURCES: ../more.c";
    let project = program("bindings_sources", more, PROGRAM);
    project.file(
        "more.c",
        "#include <pair.h>\nint labs_of(long number) { return number < 0; }",
    );
    write(&project);
    lose_header(&project);
    project.cargo("check");
    let said = project.cargo_fails("build");
    assert!(
        said.contains("cannot replace the files of `SOURCES`"),
        "{said}"
    );
}

#[test]
fn a_file_of_the_author_is_not_overwritten() {
    let project = program("bindings_own", "", PROGRAM);
    fs::write(bindings(&project), "// Mine.\n").unwrap();
    let output = project
        .command("check")
        .env("CGO_BINDINGS", "write")
        .output()
        .unwrap();
    assert!(
        said(&output).contains("was not written by cgo"),
        "{}",
        said(&output)
    );
    assert_eq!(
        fs::read_to_string(bindings(&project)).unwrap(),
        "// Mine.\n"
    );
}
