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
fn errors_in_headers_of_headers_are_shown_at_the_include() {
    let project = Project::new("in_headers");
    project
        .file(
            "src/outer.h",
            "int bad(unknown_t a);\n#include \"inner.h\"\nint last(unknown_t a);\n",
        )
        .file("src/inner.h", "int worse(unknown_t a);\n")
        .file(
            "src/main.rs",
            "cgo::c_preamble! {\n    #include \"outer.h\"\n}\nfn main() {}\n",
        );
    let said = project.cargo_fails("build");
    assert_eq!(said.matches("--> src/main.rs:2:").count(), 3, "{said}");
    assert_eq!(errors(&said), 3, "{said}");
}

#[test]
fn a_flag_that_the_compiler_does_not_know() {
    let said = said_of(
        "unknown_flag",
        "cgo::c_preamble! {\n    #cgo CFLAGS: -DA=1 -fno-such-flag\n    static int f(void) { return A; }\n}",
    );
    assert!(said.contains("--> src/main.rs:2:24"), "{said}");
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn a_name_whose_header_is_not_included() {
    let project = Project::new("no_include");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! { #include <stdio.h> }\nfn main() {\n    unsafe { C::malloc(1) };\n}\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("help: write `#include <stdlib.h>`") && said.contains("--> src/main.rs:3:"),
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn a_type_whose_header_is_not_included() {
    for (ctype, header) in [
        ("FILE", "stdio.h"),
        ("uint32_t", "stdint.h"),
        ("pthread_t", "pthread.h"),
        ("struct_stat", "sys/stat.h"),
        ("wchar_t", "stddef.h"),
    ] {
        let project = Project::new("no_include_of_type");
        project.file(
            "src/main.rs",
            &format!("cgo::c_preamble! {{ int f(void); }}\nstruct Holds(\n    *mut C::{ctype},\n);\nfn main() {{}}\n"),
        );
        let said = project.cargo_fails("check");
        assert!(
            said.contains(&format!("help: write `#include <{header}>`"))
                && said.contains("--> src/main.rs:3:"),
            "{said}"
        );
        assert_eq!(errors(&said), 1, "{said}");
    }
}

/// Whatever is done with the value.
#[test]
fn a_macro_that_is_no_value() {
    let project = Project::new("no_value");
    for used in [
        "let start: C::struct_pair = C::START",
        "assert_eq!(C::START, 1)",
        "println!(\"{:?}\", C::START)",
        "let start = C::START; println!(\"{}\", start.a + 1)",
        "let start = [1, C::START as i32]; start.len()",
        "match 1 { C::START => 1, _ => 2 }",
    ] {
        project.file(
            "src/main.rs",
            &format!("cgo::c_preamble! {{\n    #define START {{ 1, 2 }}\n    struct pair {{ int a, b; }};\n}}\nfn main() {{\n    {used};\n}}\n"),
        );
        let said = project.cargo_fails("build");
        let place = "--> src/main.rs:6:";
        assert!(
            said.contains("`START` of C is not bound: it is an initializer in braces")
                && said.contains(place),
            "{said}"
        );
        assert_eq!(
            (errors(&said), said.matches("warning").count()),
            (1, 0),
            "{said}"
        );
    }
}

#[test]
fn a_constant_whose_header_is_missing() {
    let said = said_of(
        "missing_constant",
        "cgo::c_preamble! {\n    static int f(void) { return 1; }\n}\nfn used() {\n    assert_eq!(unsafe { C::f() } | C::O_RDONLY, 1);\n}",
    );
    assert!(
        said.contains("help: write `#include <fcntl.h>`") && said.contains("--> src/main.rs:5:"),
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
}

/// gcc leaves it to an assembler that writes other messages.
#[test]
fn an_instruction_that_no_processor_has() {
    let said = said_of(
        "instruction",
        "cgo::c_preamble! {\n    static inline void f(void) { __asm__(\"nosuchinstruction\"); }\n}\nfn used() {\n    unsafe { C::f() }\n}",
    );
    assert!(
        said.contains("`f` of C is not bound: the C compiler rejects its shim")
            && said.matches("nosuchinstruction").count() > 1,
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
}

/// Whatever its definition is.
#[test]
fn macros_that_are_no_values() {
    let macros = [
        ("LIST", "1, 2", "it is a list, not a single value"),
        ("EMPTY", "", "its definition is empty"),
        (
            "STATEMENT",
            "do { } while (0)",
            "it is neither an expression nor a type",
        ),
        (
            "UNKNOWN",
            "undefined + 1",
            "it is neither an expression nor a type",
        ),
        (
            "LEVEL",
            "__INCLUDE_LEVEL__",
            "its value depends on where C uses it",
        ),
    ];
    let definitions: String = (macros.iter())
        .map(|(name, definition, _)| format!("    #define {name} {definition}\n"))
        .collect();
    let uses: String = (macros.iter())
        .map(|(name, ..)| format!("    println!(\"{{}}\", 1 + C::{name});\n"))
        .collect();
    let said = said_of(
        "no_values",
        &format!("cgo::c_preamble! {{\n{definitions}}}\nfn used() {{\n{uses}}}"),
    );
    for (name, _, reason) in macros {
        assert!(
            said.contains(&format!("`{name}` of C is not bound: {reason}")),
            "{said}"
        );
    }
    assert_eq!(errors(&said), macros.len(), "{said}");
}

/// C knows an export by its header alone.
#[test]
fn an_export_without_its_header() {
    let project = Project::new("no_export_header");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    static int f(void) { return (&one)(); }\n}\n#[cgo::export_c]\nfn one() -> i32 { 1 }\n\
         fn main() { unsafe { C::f(); } }\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("--> src/main.rs:2:35") && said.contains("`#include \"_cgo_export.h\"`"),
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

/// Uses of C of every kind, in a module that also knows them by other names.
const USES: &str = r#"
mod uses {
    use crate::C::{self, counter, point as renamed, ON};
    use crate::C::*;

    struct Holder { p: C::point, q: *mut C::point, f: Option<unsafe extern "C" fn(C::point) -> renamed> }
    trait Length { fn length(&self) -> i32; }
    impl Length for C::point { fn length(&self) -> i32 { self.x + self.y } }
    impl C::point { pub fn sum(&self) -> i32 { self.x + self.y } fn new() -> Self { Self { x: 1, y: 1, kind: 0 } } }
    impl C::point { fn parts(&self) -> i32 { let Self { x, y, .. } = self; let C::point { kind: k, .. } = *self; x + y + k } }
    impl C::other { fn new() -> C::other { unsafe { C::make_other(C::NUMBER) } } }
    type Renamed = C::third;
    impl Renamed { fn third(&self) -> i32 { let Renamed { n, .. } = self; *n } }
    impl Length for C::other { fn length(&self) -> i32 { self.length() + 1 } }
    impl Length for *mut C::fourth { fn length(&self) -> i32 { 1 } }
    impl Length for *mut C::point { fn length(&self) -> i32 { 1 } }
    unsafe impl Send for C::point {}
    impl std::fmt::Display for C::fourth { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}", self.x) } }
    impl From<C::point> for i32 { fn from(p: C::point) -> i32 { p.x + 1 } }
    impl From<C::other> for i32 { fn from(p: C::other) -> i32 { p.x } }
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Derived { a: C::point, b: [point; 3] }
    static ZEROES: C::point = unsafe { std::mem::zeroed() };
    extern "C" fn kind_of(p: C::point) -> i32 { match p.kind { C::ON => 1, ON => 2, _ => 3 } }
    #[cgo::export_c]
    fn exported(p: C::point, q: &C::point) -> C::point { *q }

    pub fn all() -> i32 {
        let mut p = C::point { x: 1, y: 2, ..Default::default() };
        let made = unsafe { C::make(1, c"x".as_ptr(), &mut p, Some(kind_of)) };
        let sum = C::point::new().sum() + p.sum() + C::other::new().length();
        if made.x != sum { println!("{} {:?}", made.length(), made); }
        for part in unsafe { C::parts(&p) } { println!("{part}"); }
        unsafe { C::counter += 1; counter = 2; }
        let sized = [0u8; C::NUMBER as usize];
        assert_eq!(unsafe { C::parts(&p) }, C::ON | C::NUMBER);
        let pointer: unsafe extern "C" fn(i32) -> i32 = C::parts;
        let taken = Holder { p, q: &mut p, f: Some(C::make) };
        match made { 0 => {} n => println!("{n}") }
        unsafe { C::from_a_header(C::NUMBER, &taken) }
    }
}
fn main() { uses::all(); }
"#;

/// One mistake in a preamble whose names are used in every way.
fn one_error(name: &str, mistake: &str, said: &str) {
    let preamble = format!(
        "#![allow(unused)]\ncgo::c_preamble! {{\n#define NUMBER 3\nstruct point {{ int x, y, kind; }};\nenum {{ ON }};\nint counter;\n\
         static int parts(struct point *p) {{ return p->x; }}\n{mistake}\n}}\n"
    );
    let project = Project::new(name);
    project.file("src/main.rs", &format!("{preamble}{USES}"));
    let messages = project.cargo_fails("build");
    assert!(messages.contains(said), "{messages}");
    assert_eq!(errors(&messages), 1, "{messages}");
}

#[test]
fn a_mistake_in_a_body_is_one_error() {
    one_error(
        "in_a_body",
        "struct point make(int n) { return missing; }",
        "src/main.rs:8:",
    );
}

#[test]
fn a_mistake_in_a_declaration_is_one_error() {
    one_error(
        "in_a_declaration",
        "struct point make(unknown_t n);",
        "src/main.rs:8:",
    );
}

/// gcc gives another `__LINE__` in a run that shows errors where a macro is used, and this one is right there.
#[test]
fn a_mistake_about_the_number_of_a_line_is_one_error() {
    for (name, mistake, place) in [
        (
            "in_if",
            "#if SAME( /*\n*/ __LINE__) != 9\n#error here\n#endif",
            "src/main.rs:11:",
        ),
        (
            "in_an_assertion",
            "_Static_assert(SAME(\n__LINE__) == 9, \"here\");",
            "src/main.rs:9:",
        ),
    ] {
        one_error(name, &format!("#define SAME(x) x\n{mistake}"), place);
    }
}

#[test]
fn a_missing_header_is_one_error() {
    one_error("no_header", "#include <no/such/header.h>", "src/main.rs:8:");
}

#[test]
fn a_missing_package_is_one_error() {
    one_error(
        "no_package",
        "#cgo pkg-config: no-such-package-anywhere",
        "no-such-package-anywhere",
    );
}

/// What stands in for the preamble has no names that are the crate's own or another crate's, which a path only happens to hold.
#[test]
fn a_mistake_beside_modules_imported_whole_is_one_error() {
    let project = Project::new("whole");
    project.file(
        "src/lib.rs",
        r#"#![deny(warnings)]
        mod ffi {
            cgo::c_preamble! {
                #include "no-such-header.h"
                struct point { int x; };
            }
            pub use self::C::*;
        }
        mod shapes { pub enum Shape { Round } pub struct Circle; pub fn area() {} }
        pub use ffi::*;
        pub use shapes::*;
        pub use std::collections::*;
        pub fn uses(point: &point, set: BTreeSet<i32>) -> i32 {
            shapes::area();
            let _ = (shapes::Circle, Shape::Round, std::collections::BTreeMap::<i32, i32>::new(), set);
            ffi::from_the_header(area(), Circle);
            point.x
        }
        "#,
    );
    let said = project.cargo_fails("check");
    assert!(said.contains("src/lib.rs:4:"), "{said}");
    assert_eq!(errors(&said), 1, "{said}");
    assert!(!said.contains("ambiguous"), "{said}");
}

/// As a `-sys` crate does with the names of the library, none of which it uses.
#[test]
fn a_mistake_in_what_is_only_reexported_is_one_error_without_a_warning() {
    let project = Project::new("reexported");
    project.file(
        "src/lib.rs",
        r#"mod a { cgo::c_preamble! { pub mod first; #include "no-such-header.h" } pub use first::*; }
        mod b { cgo::c_preamble! { pub mod second; static int one(void) { return mistaken; } } pub use second::*; }
        pub use a::*;
        pub use b::*;
        "#,
    );
    let said = project.cargo_fails("check");
    assert_eq!(errors(&said), 2, "{said}");
    assert!(!said.contains("warning"), "{said}");
}

/// A tag is no name in Rust, and a function none of a type.
#[test]
fn a_mistake_beside_types_that_c_has_as_tags_is_one_error() {
    let project = Project::new("tags");
    project.file(
        "src/main.rs",
        r#"#![deny(warnings)]
        cgo::c_preamble! {
            struct Foo { int x; };
            typedef int number;
            static int bar(struct Foo *f) { return mistaken; }
        }
        mod a {
            #[derive(Default)] pub struct Foo;
            #[derive(Default)] #[allow(non_camel_case_types)] pub struct bar { pub x: i32 }
            pub fn number() -> bar { bar::default() }
        }
        pub use a::*;
        use C::*;
        fn main() {
            let _: Foo = Foo::default();
            let mut foo = struct_Foo { x: 1 };
            let n: number = unsafe { C::bar(&mut foo) };
            println!("{} {}", number().x, n);
        }
        "#,
    );
    let said = project.cargo_fails("check");
    assert_eq!(errors(&said), 1, "{said}");
    assert!(said.contains("mistaken"), "{said}");
    assert!(!said.contains("ambiguous"), "{said}");
}

/// Its text may have the words that tell errors and warnings.
#[test]
fn an_error_stands_at_its_place_whatever_it_says() {
    let said = said_of(
        "stage",
        "cgo::c_preamble! {\n    int a;\n    #error stage one: fatal error: y: warning: z\n}",
    );
    assert!(said.contains("--> src/main.rs:3:"), "{said}");
    assert!(
        said.contains("stage one: fatal error: y: warning: z"),
        "{said}"
    );
    assert_eq!(errors(&said), 1, "{said}");
}

#[test]
fn an_unknown_directive_is_one_error() {
    one_error("no_directive", "#cgo LDLAGS: -lm", "src/main.rs:8:");
}

#[test]
fn a_missing_compiler_is_one_error() {
    let project = Project::new("no_compiler").with_variable("CC", "no-such-compiler");
    let preamble = "#![allow(unused)]\ncgo::c_preamble! { int counter; }\n";
    project.file("src/main.rs", &format!("{preamble}{USES}"));
    let messages = project.cargo_fails("build");
    assert!(messages.contains("no-such-compiler"), "{messages}");
    assert_eq!(errors(&messages), 1, "{messages}");
}

#[test]
fn a_missing_compiler_is_one_error_in_a_crate_of_many_preambles() {
    let project = Project::new("no_compiler_twice").with_variable("CC", "no-such-compiler");
    project
        .file("src/main.rs", "mod one;\nmod two;\ncgo::c_preamble! { int counter; }\nfn main() { unsafe { C::counter = one::f(); } two::g(); }\n")
        .file("src/one.rs", "cgo::c_preamble! { struct point { int x; }; }\npub fn f() -> i32 { C::point { x: 1 }.x }\n")
        .file("src/two.rs", "cgo::c_preamble! { static int two(void) { return 2; } }\npub fn g() -> i32 { unsafe { C::two() } }\n");
    let messages = project.cargo_fails("build");
    assert!(messages.contains("no-such-compiler"), "{messages}");
    assert_eq!(errors(&messages), 1, "{messages}");
}

#[test]
fn a_mistake_mended_leaves_nothing_behind() {
    let program = |body: &str| {
        format!(
            "cgo::c_preamble! {{\n    static int one(void) {{ {body} }}\n}}\nfn main() {{ unsafe {{ C::one(); }} }}\n"
        )
    };
    let project = Project::new("one_mistake").with_own_target();
    project.file("src/main.rs", &program("return 1;"));
    project.cargo("build");
    project.file("src/main.rs", &program("return missing;"));
    let said = project.cargo_fails("build");
    assert!(said.contains("--> src/main.rs:2:35"), "{said}");
    project.file("src/main.rs", &program("return 2;"));
    project.cargo("build");
}

/// No case of trybuild: what rustc shows of its own library depends on whether the toolchain has its source.
#[test]
fn an_opaque_type_stays_on_its_thread() {
    let project = Project::new("opaque");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    struct hidden;\n}\nfn main() {\n    fn send<T: Send>() {}\n    send::<C::struct_hidden>();\n}\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("cannot be sent between threads") && said.contains("--> src/main.rs:6:12"),
        "{said}"
    );
    assert!(said.contains("--> src/main.rs:2:12"), "{said}");
}

/// gcc's nested functions, which clang has not. Called, such a program would crash, or not link.
#[test]
fn the_address_of_a_nested_function() {
    let call = "cgo::c_preamble! {
    static int apply(int (*f)(int)) { return f(1); }
    #ifndef __clang__
    static int outer(int by) { int add(int a) { return a + by; } return apply(add); }
    #else
    #error address of a nested function
    #endif
    int reached(int by) { return outer(by); }
}";
    let said = said_of("nested", call);
    assert!(said.contains("address of a nested function"), "{said}");
    assert!(said.contains("--> src/main.rs:"), "{said}");
    assert_eq!(errors(&said), 1, "{said}");
}
