//! C warnings are rustc's warnings. The words are the compiler's; the place is asserted.

mod support;

use support::{Project, said};

/// The messages of a build that goes well.
fn messages(project: &Project, arguments: &str) -> String {
    let output = project.command(arguments).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn warnings(said: &str) -> usize {
    said.lines()
        .filter(|line| line.starts_with("warning") && !line.contains("generated"))
        .count()
}

fn program(call: &str) -> String {
    format!("{call}\nfn main() {{}}\n")
}

const UNUSED: &str = "cgo::c_preamble! {\n    static int f(void) {\n        int unused;\n        return 1;\n    }\n}";

#[test]
fn a_warning_stands_at_its_token_and_the_build_goes_on() {
    let project = Project::new("at_its_token");
    project.file("src/main.rs", &program(UNUSED));
    let said = messages(&project, "build");
    assert!(
        said.contains("--> src/main.rs:3:13") && said.contains("unused"),
        "{said}"
    );
    assert_eq!(warnings(&said), 1, "{said}");
}

/// Its text may have the word that tells an error.
#[test]
fn a_warning_is_one_whatever_it_says() {
    let project = Project::new("says_error");
    let call = "cgo::c_preamble! {\n    int a;\n    #warning parser: error: x\n}";
    project.file("src/main.rs", &program(call));
    let said = messages(&project, "build");
    assert!(
        said.contains("--> src/main.rs:3:") && said.contains("parser: error: x"),
        "{said}"
    );
    assert_eq!(warnings(&said), 1, "{said}");
}

#[test]
fn it_is_shown_again_by_a_check_and_by_a_build_from_the_store() {
    let project = Project::new("again");
    project.file("src/main.rs", &program(UNUSED));
    assert_eq!(warnings(&messages(&project, "build")), 1);
    assert_eq!(warnings(&messages(&project, "check")), 1);
    project.file(
        "src/main.rs",
        &program(UNUSED).replace("{}", "{ let _a = 1; }"),
    );
    assert_eq!(warnings(&messages(&project, "build")), 1);
}

#[test]
fn allow_silences_it() {
    let project = Project::new("allowed");
    let text = format!("#[allow(deprecated)]\nmod c {{\n{UNUSED}\n}}\nfn main() {{}}\n");
    project.file("src/main.rs", &text);
    let said = messages(&project, "build");
    assert_eq!(warnings(&said), 0, "{said}");
}

#[test]
fn cflags_say_which_warnings() {
    let call = UNUSED.replace(
        "{\n    static",
        "{\n    #cgo CFLAGS: -Wno-unused-variable\n    static",
    );
    let project = Project::new("cflags_less");
    project.file("src/main.rs", &program(&call));
    let said = messages(&project, "build");
    assert_eq!(warnings(&said), 0, "{said}");

    let call = "cgo::c_preamble! {\n    #cgo CFLAGS: -Wshadow\n    static int f(int a) { { int a = 1; (void)a; } return a; }\n}";
    let project = Project::new("cflags_more");
    project.file("src/main.rs", &program(call));
    let said = messages(&project, "build");
    assert!(said.contains("--> src/main.rs:3:"), "{said}");
    assert_eq!(warnings(&said), 1, "{said}");
}

#[test]
fn a_pragma_that_asks_for_warnings_brings_none_of_the_engines() {
    let call = "cgo::c_preamble! {\n    #pragma GCC diagnostic warning \"-Wunused\"\n    \
                static inline int of_rust(void) { return 1; }\n    static int f(void) { int unused; return 1; }\n}";
    let project = Project::new("pragma");
    project.file("src/main.rs", &program(call));
    let said = messages(&project, "build");
    assert!(said.contains("--> src/main.rs:4:"), "{said}");
    assert_eq!(warnings(&said), 1, "{said}");
}

#[test]
fn werror_makes_it_an_error() {
    let call = UNUSED.replace("{\n    static", "{\n    #cgo CFLAGS: -Werror\n    static");
    let project = Project::new("werror");
    project.file("src/main.rs", &program(&call));
    let said = project.cargo_fails("build");
    assert!(said.contains("--> src/main.rs:4:13"), "{said}");
}

/// What only Rust uses is used, and the engine's own C says nothing.
#[test]
fn sound_c_is_silent() {
    let call = "cgo::c_preamble! {\n    #cgo CFLAGS: -Wextra -Wpedantic -Wsystem-headers -Werror\n    #include <stdio.h>\n    #include <errno.h>\n    #include <math.h>\n    \
                static int called(void) { return 1; }\n    static const int TABLE[2] = { 1, 2 };\n    static char *text;\n    \
                #define TEXT \"a\"\n    #define NUMBER (1 + 2)\n    #define FLOAT 1.5\n    struct s { int a; struct { int b; } c; };\n    enum e { ONE };\n    \
                static inline int other(struct s *s) { return s->a; }\n}";
    let uses = "fn main() { unsafe { C::called(); C::errno(); let _out = C::stdout; C::printf(c\"\".as_ptr()); } let _ = (C::EOF, C::M_PI, C::TEXT, C::NUMBER, C::FLOAT, C::ONE); }";
    let project = Project::new("silent");
    project.file("src/main.rs", &format!("{call}\n{uses}\n"));
    for profile in ["build", "build --release"] {
        let said = messages(&project, profile);
        assert_eq!(warnings(&said), 0, "{said}");
    }
}

/// The engine asks for the types and values of macros that nothing uses, of which gcc would warn where they are defined. The compiler is not
/// run again for that.
#[test]
fn macros_that_nothing_uses_are_silent() {
    let macros = "    #define CAST ((int)(void *)-1)\n    #define SHIFTED (1 << 40)\n    #define UNKNOWN ({ int x; x; })\n";
    let project = Project::new("unused_macros").with_own_target();
    let dump = project.path("dump");
    let project = project.with_variable("CGO_DUMP", dump.to_str().unwrap());
    let call = |c: &str| program(&format!("cgo::c_preamble! {{\n{macros}{c}\n}}"));
    project.file("src/main.rs", &call("#cgo CFLAGS: -O2"));
    let said = messages(&project, "build");
    assert_eq!(warnings(&said), 0, "{said}");
    for folder in std::fs::read_dir(&dump).unwrap() {
        let folder = folder.unwrap().path();
        assert!(folder.join("probe.sh").exists() && !folder.join("probe-2.sh").exists());
        let shown = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        let again = ["library.sh", "library-2.sh", "library-3.sh"];
        assert!(
            !again
                .into_iter()
                .any(|file| shown(file).contains("-ftrack"))
        );
    }

    let mistake = "#cgo CFLAGS: -Werror -Wno-error=unused-variable\nstatic int f(void) { int unused; return 1; }";
    project.file("src/main.rs", &call(mistake));
    let said = messages(&project, "build");
    assert!(said.contains("--> src/main.rs:6:26"), "{said}");
    assert_eq!(warnings(&said), 1, "{said}");
}

/// rustc looks at declarations of what its own library calls, and C's types for them are C's.
#[test]
fn the_functions_that_rust_itself_calls_are_silent() {
    let call = "cgo::c_preamble! {\n    #include <fcntl.h>\n    #include <stdlib.h>\n    #include <string.h>\n    #include <unistd.h>\n    \
                #cgo bind: malloc calloc realloc free memcpy memmove memset memcmp strlen open read write close exit\n}";
    let project = Project::new("rusts_own");
    project.file("src/main.rs", &program(call));
    let said = messages(&project, "check");
    assert_eq!(warnings(&said), 0, "{said}");
}

#[test]
fn a_header_of_the_crate_warns_at_its_include() {
    let project = Project::new("in_header");
    project
        .file(
            "src/own.h",
            "static inline int f(void) {\n    int unused;\n    return 1;\n}\n",
        )
        .file(
            "src/main.rs",
            &program("cgo::c_preamble! {\n    #include \"own.h\"\n}"),
        );
    let said = messages(&project, "build");
    assert!(
        said.contains("own.h:2:9") && said.contains("--> src/main.rs:2:"),
        "{said}"
    );
}

#[test]
fn a_source_warns_at_its_directive() {
    let project = Project::new("in_source");
    project
        .file("src/more.c", "int more(void) {\n    int unused;\n    return 1;\n}\n")
        .file(
            "src/main.rs",
            "cgo::c_preamble! {\n    #cgo SOURCES: more.c\n    int more(void);\n}\nfn main() { unsafe { C::more(); } }\n",
        );
    let said = messages(&project, "build");
    assert!(
        said.contains("more.c:2:9") && said.contains("--> src/main.rs:2:"),
        "{said}"
    );
}

#[test]
fn flags_of_a_line_of_sources_are_for_its_files_alone() {
    let project = Project::new("quiet_sources");
    let source = |name: &str| format!("int {name}(void) {{\n    int unused;\n    return 1;\n}}\n");
    let program = |flag: &str| {
        let c = format!(
            "#cgo SOURCES: {flag} vendor/\n#cgo SOURCES: own.c\nint one(void), two(void), own(void);\n"
        );
        format!(
            "cgo::c_preamble! {{\n{c}static int f(void) {{ int unused; return 1; }}\n}}\nfn main() {{ unsafe {{ C::own(); }} }}\n"
        )
    };
    project
        .file("src/vendor/one.c", &source("one"))
        .file("src/vendor/two.c", &source("two"))
        .file("src/own.c", &source("own"));
    for (flag, expected) in [("-w", false), ("", true), ("-Wno-unused-variable", false)] {
        project.file("src/main.rs", &program(flag));
        let said = messages(&project, "build");
        let vendored = said.contains("one.c:2:9") && said.contains("two.c:2:9");
        assert_eq!(vendored, expected, "{flag}: {said}");
        assert!(said.contains("own.c:2:9"), "{flag}: {said}");
        assert!(said.contains("src/main.rs:5:"), "{flag}: {said}");
    }
}

#[test]
fn in_string_form_the_line_is_quoted() {
    let project = Project::new("string");
    project.file(
        "src/main.rs",
        &program("cgo::c_preamble!(r#\"\n\tstatic int f(void) { int unused; return 1; }\n\"#);"),
    );
    let said = messages(&project, "build");
    assert!(said.contains("src/main.rs:2:27"), "{said}");
    assert!(
        said.contains("static int f(void) { int unused; return 1; }\n"),
        "{said}"
    );
    assert_eq!(warnings(&said), 1, "{said}");
}

/// rustc is told so for what comes from a registry.
#[test]
fn a_dependency_is_silent() {
    let project = Project::new("dependency").with_variable("RUSTFLAGS", "--cap-lints allow");
    project.file("src/main.rs", &program(UNUSED));
    let said = messages(&project.with_own_target(), "build");
    assert_eq!(warnings(&said), 0, "{said}");
}

/// Some mistakes only the optimizer finds, also in a function that only Rust uses, and each is one warning.
#[test]
fn a_release_build_shows_what_the_optimizer_finds() {
    let project = Project::new("optimizer");
    let call = "cgo::c_preamble! {\n    static int f(int n) {\n        int x;\n        if (n > 3) x = n;\n        return x;\n    }\n    \
                static inline int g(int n) {\n        int x;\n        if (n > 3) x = n;\n        return x;\n    }\n    \
                static int h(void) {\n        int unused;\n        return 1;\n    }\n}";
    project.file("src/main.rs", &program(call));
    let said = messages(&project, "build --release");
    // clang has a warning like it, at the condition.
    let version = support::run(std::process::Command::new(support::c_compiler()).arg("--version"));
    let lines: &[usize] = match version.contains("clang") {
        true => &[4, 9, 13],
        false => &[5, 10, 13],
    };
    for line in lines {
        let place = format!("--> src/main.rs:{line}:");
        assert_eq!(said.matches(&place).count(), 1, "{said}");
    }
    assert_eq!(warnings(&said), lines.len(), "{said}");
}

/// A crate may forbid lints, which no `allow` changes then.
#[test]
fn a_strict_crate_hears_nothing_of_the_module() {
    let project = Project::new("strict");
    project.file(
        "src/main.rs",
        r#"//! A crate.
#![deny(nonstandard_style)]
#![forbid(missing_docs)]
#![deny(warnings)]
cgo::c_preamble! {
    pub mod C;
    #cgo newtype: Color
    #cgo flags: Mode
    #cgo derive: Hash Weird_name
    #cgo strip: my
    #include <stdio.h>
    #include "_cgo_export.h"
    enum Color { RED, Green };
    enum Mode { R = 1, W = 2 };
    enum Plain { P };
    struct Weird_name { int Field; int type; int Bits : 3; enum Color c; };
    struct Flex { int n; struct Weird_name Items[]; };
    union Either { int I; float F; };
    struct __attribute__((packed)) Packed { char c; struct { _Alignas(16) int deep; } in; long double x; };
    struct opaque;
    int Global; const int Fixed = 3; volatile int Vol; _Thread_local int Local;
    #define lower 3
    #define text "x"
    #define call (Global + 1)
    typedef int (*Fun)(int Arg);
    static void myPrint(int S) { printf("%d\n", S); }
    static long double Half(long double X) { return X / 2; }
    static struct Packed byValue(struct Packed P) { return P; }
}
/// Adds.
#[cgo::export_c]
pub fn GoAdd(A: i32) -> i32 { A }
/// A point.
#[cgo::export_c]
#[repr(C)]
pub struct point {
    /// Its place.
    pub x: i32,
    /// What it was called.
    #[deprecated]
    pub old: i32
}
/// A deprecated point.
#[cgo::export_c]
#[repr(C)]
#[deprecated]
pub struct Former {
    /// Its place.
    pub x: i32
}
/// A way.
#[cgo::export_c]
#[repr(u8)]
pub enum Way {
    /// A deprecated one.
    #[deprecated]
    Up,
    /// Another.
    Down
}
/// A deprecated function.
#[cgo::export_c]
#[deprecated]
pub fn former(text: &str, way: Way) -> usize { let _ = way; text.len() }
fn main() { unsafe { C::myPrint(3 + C::lower + C::Global + C::RED.0 as i32) ; C::Print(C::sizeof_struct_Flex as i32);} }
"#,
    );
    let output = project.command("check -q").output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        support::said(&output)
    );
}
