//! A C error stands at the very token, whatever is before it and wherever the preamble is.

mod support;

use support::Project;

/// Builds a program in whose text `«` stands before the token that the error is at, and is taken out first.
fn error_at_the_mark(name: &str, text: &str) {
    let (before, after) = text.split_once('«').unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let project = Project::new(name);
    project.file("src/main.rs", &format!("{before}{after}"));
    let said = project.cargo_fails("build");
    let place = format!("src/main.rs:{line}:{column}");
    assert!(said.contains(&place), "{place} is not in:\n{said}");
    let errors = said
        .lines()
        .filter(|line| line.starts_with("error"))
        .count();
    assert_eq!(errors, 2, "one, and Cargo's own:\n{said}");
}

#[test]
fn on_the_line_of_the_call() {
    error_at_the_mark(
        "same_line",
        "cgo::c_preamble! { static int f(void) { return «missing; } }\nfn main() { unsafe { C::f() }; }\n",
    );
}

#[test]
fn after_tabs() {
    error_at_the_mark(
        "tabs",
        "cgo::c_preamble! {\n\tstatic int f(void)\n\t{\n\t\tint a = 1;\treturn «missing;\n\t}\n}\nfn main() {}\n",
    );
}

#[test]
fn in_a_file_of_windows() {
    error_at_the_mark(
        "crlf",
        "cgo::c_preamble! {\r\n    /* a\r\n       b */\r\n    static int f(void) { return «missing; }\r\n}\r\nfn main() {}\r\n",
    );
}

#[test]
fn after_letters_of_several_bytes() {
    error_at_the_mark(
        "letters",
        "cgo::c_preamble! {\n    static int f(void) { const char *s = \"äöü\"; (void)s; return «missing; }\n}\nfn main() {}\n",
    );
}

#[test]
fn after_letters_of_two_columns() {
    error_at_the_mark(
        "wide",
        "cgo::c_preamble! {\n    static int f(void) { const char *s = \"漢字🦀\"; (void)s; return «missing; }\n}\nfn main() {}\n",
    );
}

#[test]
fn in_a_nested_module() {
    error_at_the_mark(
        "nested",
        "mod a {\n    pub mod b {\n        cgo::c_preamble! {\n            pub mod c;\n            static int f(void) { return «missing; }\n        }\n    }\n}\nfn main() {}\n",
    );
}

#[test]
fn in_a_function() {
    error_at_the_mark(
        "in_function",
        "fn main() {\n    cgo::c_preamble! {\n        static int f(void) { return «missing; }\n    }\n    unsafe { C::f() };\n}\n",
    );
}

#[test]
fn in_a_macros_body() {
    error_at_the_mark(
        "macro_body",
        "macro_rules! c {\n    () => {\n        cgo::c_preamble! {\n            // A comment.\n            static int f(void) { return «missing; }\n        }\n    };\n}\nc!();\nfn main() {}\n",
    );
}

#[test]
fn in_what_a_macro_is_given() {
    error_at_the_mark(
        "macro_argument",
        "macro_rules! c {\n    ($($body:tt)*) => { cgo::c_preamble! { $($body)* } };\n}\nc! {\n    static int f(void) { return «missing; }\n}\nfn main() {}\n",
    );
}

#[test]
fn in_what_a_macro_stands_for() {
    error_at_the_mark(
        "macro_of_c",
        "cgo::c_preamble! {\n    #define BAD (1 + missing)\n    static int f(void) { return «BAD; }\n}\nfn main() {}\n",
    );
}

#[test]
fn below_a_directive_and_head_items() {
    error_at_the_mark(
        "below_head",
        "cgo::c_preamble! {\n    pub mod sqlite;\n    #cgo CFLAGS: -DA=1\n    #include <stddef.h>\n    static int f(void) { return A + «missing; }\n}\nfn main() {}\n",
    );
}

#[test]
fn in_string_form() {
    error_at_the_mark(
        "string",
        "cgo::c_preamble!(r##\"\n\tstatic const char *s = \"é\"; static int f(void) { return «missing; }\n\"##);\nfn main() {}\n",
    );
}

#[test]
fn in_the_first_line_of_string_form() {
    error_at_the_mark(
        "string_first",
        "cgo::c_preamble!(r#\"static int f(void) { return «missing; }\"#);\nfn main() {}\n",
    );
}

#[test]
fn in_comment_form() {
    error_at_the_mark(
        "comment",
        "cgo::c_preamble! {\n    /*\n     #include <stddef.h>\n     static int f(void) { return «missing; }\n    */\n}\nfn main() {}\n",
    );
}

#[test]
fn of_the_linker_it_is_the_symbol() {
    let project = Project::new("undefined_symbol");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    int defined_nowhere(int a);\n}\nfn main() { unsafe { C::defined_nowhere(1) }; }\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("undefined reference to `defined_nowhere'")
            || said.contains("undefined symbol: defined_nowhere"),
        "{said}"
    );
}
