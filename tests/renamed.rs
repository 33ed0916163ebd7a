//! Crates that have the crate `cgo` under another name, or by way of another crate.

mod support;

use support::{Project, manifest};

/// A program that calls C, gives a function to C, and takes a callback, where `cgo` is reached by `path`.
fn program(path: &str, preamble: &str, export: &str) -> String {
    format!(
        r#"{path}::c_preamble! {{
    {preamble}
    #include "_cgo_export.h"
    struct pair {{ int a : 4; int b; }};
    static int add(struct pair pair) {{ return pair.a + pair.b; }}
    static int through_rust(const char *text) {{ return length(text); }}
    static int call(int (*function)(int, void *), void *data) {{ return function(1, data); }}
}}
#[{path}::export_c{export}]
fn length(text: &std::ffi::CStr) -> i32 {{ text.count_bytes() as i32 }}
fn main() {{
    let mut pair = C::struct_pair {{ b: 40, ..Default::default() }};
    pair.set_a(2);
    let called = {path}::callback(|a: i32| a + 1).data_last(|function, data| unsafe {{ C::call(Some(function), data) }});
    println!("{{}} {{}} {{called}}", unsafe {{ C::add(pair) }}, unsafe {{ C::through_rust(c"abc".as_ptr()) }});
}}
"#
    )
}

#[test]
fn a_renamed_dependency() {
    let project = Project::new("renamed");
    let facade =
        manifest("renamed", "2024", "").replace("rust-cgo = {", "c = { package = \"rust-cgo\",");
    project.manifest(&facade);
    project.file("src/main.rs", &program("c", "", ""));
    assert_eq!(project.cargo("run -q"), "42 3 2\n");
}

#[test]
fn another_crate_of_the_same_name() {
    let project = Project::new("two_cgo");
    project.file(
        "other/Cargo.toml",
        "[package]\nname = \"cgo\"\nedition = \"2024\"\n",
    );
    project.file("other/src/lib.rs", "");
    let facade = manifest("two_cgo", "2024", "cgo = { path = \"other\" }\n")
        .replace("rust-cgo = {", "c = { package = \"rust-cgo\",");
    project.manifest(&facade);
    project.file("src/main.rs", &program("c", "", ""));
    let said = project.cargo_fails("build -q");
    assert!(
        said.contains("several dependencies of this crate have a library called `cgo`"),
        "{said}"
    );
    project.file("src/main.rs", &program("c", "crate = c;", "(crate = c)"));
    assert_eq!(project.cargo("run -q"), "42 3 2\n");
}

/// The root of the crate `handing`. Its tests share a target folder.
const HANDING: &str = r#"pub use cgo;
#[macro_export]
macro_rules! both_ways {
    ($name:ident, $twice:ident) => {
        $crate::cgo::c_preamble! { crate = $crate::cgo; int $name(int); static int $twice(void) { return 2 * $name(20); } }
        #[$crate::cgo::export_c(crate = $crate::cgo)]
        fn $name(number: i32) -> i32 { number + 1 }
    };
}
"#;

/// A crate `handing` that hands `cgo` on, and one that depends on it alone.
fn behind_another(name: &str) -> Project {
    let project = Project::new(name);
    let handing = manifest("handing", "2024", "").replace("[workspace]\n", "");
    project.file("handing/Cargo.toml", &handing);
    project.file("handing/src/lib.rs", HANDING);
    let alone = manifest(name, "2024", "handing = { path = \"handing\" }\n");
    let without_cgo: String = alone
        .lines()
        .filter(|line| !line.starts_with("rust-cgo = "))
        .map(|line| format!("{line}\n"))
        .collect();
    project.manifest(&without_cgo.replace("[workspace]", "[workspace]\nmembers = [\"handing\"]"));
    project
}

#[test]
fn a_dependency_of_a_dependency() {
    let project = behind_another("handed_on");
    let source = program(
        "handing::cgo",
        "crate = handing::cgo;",
        "(crate = handing::cgo)",
    );
    project.file("src/main.rs", &source);
    assert_eq!(project.cargo("run -q"), "42 3 2\n");
}

#[test]
fn where_it_is_cannot_be_guessed() {
    let project = behind_another("not_said");
    project.file("src/main.rs", &program("handing::cgo", "", ""));
    let said = project.cargo_fails("build -q");
    for line in [
        "`crate = other_crate::cgo;`",
        "`#[export_c(crate = other_crate::cgo)]`",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

/// The header knows the attribute by the name that a `use` gives it.
#[test]
fn an_attribute_under_another_name() {
    let project = Project::new("other_name");
    project.manifest(&manifest("other_name", "2024", ""));
    let source = program("cgo", "", "").replace("#[cgo::export_c]", "#[for_c]");
    project.file(
        "src/main.rs",
        &format!("use cgo::export_c as for_c;\n{source}"),
    );
    assert_eq!(project.cargo("run -q"), "42 3 2\n");
}

#[test]
fn a_macro_of_the_crate_that_hands_it_on() {
    let project = behind_another("by_macro");
    project.file(
        "src/main.rs",
        "handing::both_ways!(next, twice);\nfn main() { println!(\"{}\", unsafe { C::twice() }); }\n",
    );
    assert_eq!(project.cargo("run -q"), "42\n");
}
