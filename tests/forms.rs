//! The ways to hand C to the macro, and the items before it.

mod support;

use std::ffi::c_int;

use support::{Project, manifest};

// A string: any C at all, also what Rust's lexer rejects.
cgo::c_preamble! {
    pub(self) mod raw;
    r#"
    #define TWO \
        2
    static const char *bell = "\a";
    static int paste_it(void) { int a12 = 40;
    #define PASTE(a, b) a##b
        return PASTE(a, 12) + TWO + bell[0] - 7; }
    "#
}

// A string with escapes.
mod escaped {
    cgo::c_preamble!("static int one(void) { return '\\x01'; }\n#define QUOTED \"q\"\n");
}

// One block comment, as cgo has it.
cgo::c_preamble! { mod comment; /*
    /* C's own comments go inside. */
    #include <limits.h>
    static int largest(void) { return INT_MAX; } // it's fine
*/ }

// Lines, as cgo has them too, and a block comment that goes on.
cgo::c_preamble! {
    // This is not of the C.
    mod lines; // Neither is this.
    // #cgo CFLAGS: -DLIMIT=10
    // #define TWICE(x) \
    //     ((x) + (x)) // it's two
    /*
    #ifndef LIMIT
    #define LIMIT 1
    #endif
    static int limit(void) { return TWICE(LIMIT); }
    */
}

// Tokens, in brackets of any kind.
cgo::c_preamble![mod tokens; static int three(void) { return 3; }];

// The signs that two others spell, whatever they stand beside.
cgo::c_preamble! {
    mod digraphs;
    %:define TWO 2
    %:define QUOTED(x) %:x
    struct pair <% int of<:TWO:>; %>;
    enum <% NONE, SOME = 3 %>;
    static int second(const struct pair *p) <% if (p->of<:0:> <1) <% return 0; %> return p->of<:TWO-1:>; %>
    static int after(void) <% return 6 %4; %>
}

// The default name.
mod inner {
    cgo::c_preamble! {
        struct shared { int a; };
        typedef struct shared shared_t;
        static int get(struct shared *s) { return s->a; }
    }

    pub fn get(value: i32) -> i32 {
        let mut shared = C::struct_shared { a: value };
        unsafe { C::get(&mut shared) }
    }

    pub(crate) mod deeper {
        cgo::c_preamble! {
            pub(crate) mod lender;
            use super::C::{struct_shared, shared_t};
            struct shared { int a; };
            typedef struct shared shared_t;
            static int twice(shared_t *s) { return 2 * s->a; }
        }
    }
}

// In a macro: the tokens keep their own lines.
macro_rules! constant_function {
    ($name:ident, $value:literal) => {
        mod $name {
            cgo::c_preamble! {
                pub mod C;
                #define VALUE $value
                static int $name(void) {
                    return VALUE;
                }
            }
        }
    };
}
constant_function!(five, 5);

macro_rules! passed_on {
    ($($c:tt)*) => { cgo::c_preamble! { $($c)* } };
}
passed_on! {
    mod passed;
    #define SIX 6
    static int six(void) {
        return SIX; /* with a comment */
    }
}

// A string that a macro is given.
macro_rules! of_text {
    ($name:ident, $text:literal) => {
        cgo::c_preamble! { mod $name; $text }
    };
}
of_text!(text, "static int seven(void) { return 7; }");

#[test]
fn every_form_runs() {
    unsafe {
        assert_eq!(raw::paste_it(), 42);
        assert_eq!(escaped::C::one(), 1);
        assert_eq!(escaped::C::QUOTED, c"q");
        assert_eq!(comment::largest(), c_int::MAX);
        assert_eq!(lines::limit(), 20);
        assert_eq!(tokens::three(), 3);
    }
}

#[test]
fn macros_put_preambles_together() {
    unsafe {
        assert_eq!(five::C::five(), 5);
        assert_eq!(passed::six(), 6);
        assert_eq!(text::seven(), 7);
    }
}

/// All that it makes has the place of its own call.
#[test]
fn a_procedural_macro_makes_preambles() {
    let project = Project::new("made");
    let made =
        "cgo::c_preamble! { pub mod C; static int n; static int next(void) { return ++n; } }";
    project
        .manifest(&manifest("made", "2024", "maker = { path = \"maker\" }\n"))
        .file(
            "maker/Cargo.toml",
            "[package]\nname = \"maker\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
        )
        .file(
            "maker/src/lib.rs",
            &format!("#[proc_macro] pub fn two(_: proc_macro::TokenStream) -> proc_macro::TokenStream {{\n\
                      \"mod a {{ {made} }} mod b {{ {made} }}\".parse().unwrap() }}\n"),
        )
        .file(
            "src/main.rs",
            "maker::two!();\nfn main() { println!(\"{:?}\", unsafe { (a::C::next(), a::C::next(), b::C::next()) }) }\n",
        );
    assert_eq!(project.cargo("run -q"), "(1, 2, 1)\n");
}

#[test]
fn types_are_shared_between_modules() {
    assert_eq!(inner::get(4), 4);
    let mut shared: inner::C::struct_shared = inner::deeper::lender::shared_t { a: 21 };
    assert_eq!(unsafe { inner::deeper::lender::twice(&mut shared) }, 42);
}

#[test]
fn inside_a_function() {
    cgo::c_preamble! {
        static int local(void) { return 9; }
    }
    assert_eq!(unsafe { C::local() }, 9);
}

#[test]
fn digraphs_are_brackets() {
    assert_eq!((digraphs::TWO, digraphs::SOME), (2, 3));
    let pair = digraphs::struct_pair { of: [1, 7] };
    unsafe { assert_eq!((digraphs::second(&pair), digraphs::after()), (7, 2)) };
}

/// rustc passes over the mark that some editors put before a file's first character, and counts columns from behind it.
#[test]
fn a_byte_order_mark_is_no_text() {
    let project = Project::new("mark");
    project
        .file(
            "src/main.rs",
            "\u{feff}cgo::c_preamble! { static int one(void) { return 1; } }\nmod other;\n\
             fn main() { println!(\"{} {}\", unsafe { C::one() }, other::seven()); }\n",
        )
        .file(
            "src/other.rs",
            "\u{feff}#[cgo::export_c] fn six() -> i32 { 6 }\ncgo::c_preamble! {\n#include \"_cgo_export.h\"\n\
             static int seven(void) { return six() + 1; }\n}\npub fn seven() -> i32 { unsafe { C::seven() } }\n",
        );
    assert_eq!(project.cargo("run -q"), "1 7\n");
    project.file(
        "src/main.rs",
        "\u{feff}cgo::c_preamble! { static int one(void) { return é; } }\nfn main() {}\n",
    );
    let said = project.cargo_fails("check");
    assert!(said.contains("--> src/main.rs:1:50"), "{said}");
}

/// A preamble and a C file as they stand in a package for Go's cgo.
#[test]
fn what_cgo_declares_of_go_is_declared() {
    let project = Project::new("of_go");
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
    #cgo SOURCES: of_go.c
    #include "_cgo_export.h"
    static size_t length(_GoString_ s) { return _GoStringLen(s); }
    static int first(_GoString_ s) { return *_GoStringPtr(s); }
    static GoInt size_of_slice(GoSlice s) { return s.len + (GoInt)sizeof(GoUint16); }
    extern GoUint8 through(GoString s);
}
#[cgo::export_c]
fn goLast(text: &str) -> u8 { text.bytes().last().unwrap_or(0) }
fn main() {
    let text = C::_GoString_ { p: c"abc".as_ptr(), n: "abc".len() };
    let slice = C::GoSlice { data: std::ptr::null_mut(), len: 5, cap: 5 };
    unsafe { println!("{} {} {} {}", C::length(text), C::first(text), C::size_of_slice(slice), C::through(text)) }
}
"#,
    );
    project.file(
        "src/of_go.c",
        "#include \"_cgo_export.h\"\nGoUint8 through(GoString s) { return goLast(s); }\n",
    );
    assert_eq!(project.cargo("run -q"), "3 97 7 99\n");
}
