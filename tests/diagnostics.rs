//! Errors in the C text are shown by rustc at their place. The words are the compiler's; the place is asserted.

mod support;

use support::Project;

/// Builds a program with this preamble call and gives what rustc says.
fn said_of(name: &str, call: &str) -> String {
    let project = Project::new(name);
    project.file("src/main.rs", &format!("{call}\nfn main() {{}}\n"));
    project.cargo_fails("build")
}

fn errors(said: &str) -> usize {
    said.lines()
        .filter(|line| line.starts_with("error") && !line.contains("could not compile"))
        .count()
}

#[test]
fn a_syntax_error_in_token_form() {
    let said = said_of(
        "syntax",
        "cgo::c_preamble! {\n    int f(void) { return 1 }\n}",
    );
    assert!(said.contains("--> src/main.rs:2:"), "{said}");
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn an_unknown_type_at_its_token() {
    let said = said_of(
        "unknown_type",
        "cgo::c_preamble! {\n    static int ok(void) { return 1; }\n    static int f(unknown_t value);\n}",
    );
    assert!(
        said.contains("--> src/main.rs:3:18") && said.contains("unknown_t"),
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn an_undeclared_name_in_a_body() {
    let said = said_of(
        "undeclared",
        "cgo::c_preamble! {\n    static int f(void) {\n        return missing;\n    }\n}",
    );
    assert!(
        said.contains("--> src/main.rs:3:16") && said.contains("missing"),
        "{said}"
    );
}

#[test]
fn string_form_names_line_and_column() {
    let said = said_of(
        "string_form",
        "cgo::c_preamble!(r#\"\n  int f(void) { return missing; }\n\"#);",
    );
    assert!(said.contains("src/main.rs:2:24"), "{said}");
}

#[test]
fn comment_form_names_line_and_column() {
    let said = said_of(
        "comment_form",
        "cgo::c_preamble! {/*\n  int f(void) { return missing; }\n*/}",
    );
    assert!(said.contains("src/main.rs:2:24"), "{said}");
}

#[test]
fn a_missing_brace_is_the_compilers_error() {
    let said = said_of(
        "brace",
        "cgo::c_preamble!(r#\"\nint f(void) { return 1;\n\"#);",
    );
    assert!(said.contains("src/main.rs:"), "{said}");
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn an_error_inside_a_header_is_shown_at_its_include() {
    let project = Project::new("in_header");
    project
        .file("src/bad.h", "int fine;\nint bad(unknown_t a);\n")
        .file(
            "src/main.rs",
            "cgo::c_preamble! {\n    #include \"bad.h\"\n}\nfn main() {}\n",
        );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("bad.h:2:") && said.contains("--> src/main.rs:2:"),
        "{said}"
    );
}

#[test]
fn an_error_from_the_preprocessor() {
    let said = said_of(
        "preprocessor",
        "cgo::c_preamble! {\n    #if 1\n    #error \"not here\"\n    #endif\n}",
    );
    assert!(
        said.contains("--> src/main.rs:3:") && said.contains("not here"),
        "{said}"
    );
}

#[test]
fn one_mistake_is_one_error_after_a_build_that_went_well() {
    let uses = "fn main() { unsafe { C::one(); C::one(); let _ = C::NUMBER; } }";
    let program = |body: &str| {
        format!(
            "cgo::c_preamble! {{\n    #define NUMBER 3\n    static int one(void) {{ {body} }}\n}}\n{uses}\n"
        )
    };
    let project = Project::new("one_mistake").with_own_target();
    project.file("src/main.rs", &program("return 1;"));
    project.cargo("build");
    project.file("src/main.rs", &program("return missing;"));
    let said = project.cargo_fails("build");
    assert!(
        said.contains("--> src/main.rs:3:35") && said.contains("missing"),
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
    project.file("src/main.rs", &program("return 2;"));
    project.cargo("build");
}
