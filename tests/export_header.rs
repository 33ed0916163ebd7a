//! The header of the exports: what it declares, and how declarations of C that disagree with Rust are errors. Each test has a crate of its own.

mod support;

use std::process::Command;

use support::{Project, c_compiler, manifest, run};

/// Every kind of declaration that the header can hold.
const HEADER: &str = r#"
cgo::c_preamble! { #cgo header: ../all.h
}
use cgo::export_c;
use std::ffi::*;
/// A "documented" function. /* with signs */
///
/// In lines.
#[export_c] fn f(class: i32, new: &str, _: &[u8], r#int: Option<&CStr>) -> (u8, *mut c_void) { let _ = (class, new, int); loop {} }
#[export_c] fn never() -> ! { loop {} }
#[export_c(unwind)] fn never_but_unwinds() -> ! { panic!() }
#[export_c(on_panic = std::process::exit(3))] fn never_but_exits() -> ! { panic!() }
#[export_c] fn table(rows: *const [c_int; 3], by: Option<extern "C" fn(*const c_void, usize) -> bool>) -> extern "C" fn(c_char) -> u64 { let _ = (rows, by); loop {} }
#[export_c] #[repr(C)] pub struct Outer { pub inner: Inner, pub many: [Inner; 2], pub next: *mut Outer, pub template: Kind }
#[export_c] #[repr(C)] pub union Inner { pub a: u64, pub b: f32 }
#[export_c] #[repr(C)] pub enum Kind { A = -1, B }
#[export_c] #[repr(i16)] pub enum Small { X = 3 }
#[export_c] #[repr(u64)] pub enum Great { Top = 1 << 63 }
#[export_c] #[repr(u8)] pub enum Values { A = b'x', B = 0x1_0 | 3, C = 1 << 6, D = !0 }
#[export_c] #[repr(C)] pub enum Unknown { A = size_of::<u8>() as isize }
#[export_c] fn unknown(a: &Unknown) -> i32 { let _ = a; 0 }
#[export_c] static NUMBERS: [c_ulong; 4] = [0; 4];
extern "C" fn twice(a: c_int) -> c_int { a * 2 }
#[export_c] static POINTER: &c_int = &5;
#[export_c] static FUNCTION: Option<extern "C" fn(c_int) -> c_int> = Some(twice);
#[export_c] static POINTERS: [&c_int; 2] = [&5, &6];
#[export_c] static COUNTERS: Counters = Counters { a: [const { std::sync::atomic::AtomicU8::new(0) }; 2] };
#[export_c] #[repr(C)] pub struct Counters { pub a: [std::sync::atomic::AtomicU8; 2] }
/// what??/
#[doc = "/etc/passwd"]
#[export_c] fn delete(unix: i32, errno: i32, typename: i32) { let _ = (unix, errno, typename); }
#[export_c(name = "class")] #[repr(C)] pub struct Class { pub way: Way }
#[export_c(name = "way")] #[repr(C)] pub enum Way { Up, Down }
#[export_c(name = "taught")] #[repr(C)] pub struct Taught { pub class: *const Class, pub way: Way, pub other: Way }
#[export_c] fn teach(class: &Class, way: *const Way, size_t: usize, others: usize) -> (*mut Taught, *mut Class) { let _ = (class, way, size_t, others); todo!() }
#[doc = "/"]
#[export_c] fn nothing() {}
mod one { #[cgo::export_c(name = "one_point")] #[repr(C)] pub struct Point { pub x: i32 } pub type Number = i32; }
mod two { pub struct Point(u8); #[cgo::export_c] fn hide(a: &Point) -> u8 { a.0 } pub type Number = i64; #[cgo::export_c] fn number(a: Number) { let _ = a; } }
#[export_c] #[repr(C)] pub struct Tail { pub size_t: usize, pub length: usize, pub items: [[u8; 0]; 2] }
type Alias = *const Outer;
#[export_c] fn alias(a: Alias) -> Alias { a }
#[export_c] #[repr(C)] pub struct Wide { pub a: i128, pub b: [u128; 2] }
#[export_c] fn wide(a: &i128, b: cgo::Complex<f64>) -> u128 { let _ = (a, b); 0 }
#[export_c] static WIDE: u128 = 1;
#[export_c] fn of_cgo(a: cgo::Str, b: &cgo::Bytes) -> cgo::Str { let _ = b; a }
#[cfg(unix)] #[export_c] fn descriptor(a: std::os::fd::RawFd) { let _ = a; }
#[export_c] #[repr(C)] pub struct Early { pub late: *const Late, pub number: *mut LateNumber, pub all: *mut [LateStruct; 2], pub f: Option<extern "C" fn(*mut Late)> }
#[export_c] #[repr(C)] pub struct LateStruct { pub early: *mut Early }
#[export_c] #[repr(C)] pub enum Late { A }
#[export_c] #[repr(u8)] pub enum LateNumber { A }
#[export_c] #[repr(C)] pub struct Part { pub whole: Option<Box<Whole>> }
#[export_c] #[repr(C)] pub struct Whole { pub part: Part, pub f: Option<extern "C" fn(*mut Pair)> }
type Pair = [LatePair; 2];
#[export_c] #[repr(C)] pub struct LatePair { pub a: u8, pub pairs: *const c_void }
#[export_c] #[repr(C)] pub struct Keywords { pub _Bool: bool, pub _Atomic: u8 }
pub struct Hidden(u8);
#[export_c] fn hidden(a: &Hidden, b: *mut Vec<u8>) -> u8 { let _ = b; a.0 }
"#;

#[test]
fn the_header_is_c_and_cpp_without_a_warning() {
    let project = Project::new("all");
    project.file("src/lib.rs", HEADER);
    project.cargo("check -q");
    let header = project.path("all.h");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        text.contains(
            "/**\n * A \"documented\" function. / * with signs * /\n *\n * In lines.\n */"
        ),
        "{text}"
    );
    for line in [
        "    Values_A = 120,\n    Values_B = 19,\n    Values_C = 64,\n    Values_D = 255\n",
        "/* Unknown is not declared: the value `size_of :: < u8 > () as isize` cannot be computed. */",
        "int32_t unknown(const void *a);",
        "extern const int *const POINTER;",
        "extern int (*const FUNCTION)(int);",
        "extern const int *const POINTERS[2];",
        "extern Counters COUNTERS;",
        "#ifndef __cplusplus\n\n/**\n * what? ?/\n * /etc/passwd\n */\nvoid delete(int32_t unix_, int32_t errno_, int32_t typename_);\n#endif",
        "#ifndef __cplusplus\nstruct class {\n    enum way way;\n};\n#endif\n",
        "uint8_t hide(const struct Point *a);",
        "void number(int64_t a);",
        "cgo_str of_cgo(cgo_str a, const cgo_bytes *b);",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let mut compilers = vec![(c_compiler(), ["-std=c99", "-xc"])];
    for (compiler, options) in [
        ("gcc", ["-std=c99", "-xc"]),
        ("g++", ["-std=c++98", "-xc++"]),
        ("clang", ["-std=c99", "-xc"]),
        ("clang++", ["-std=c++11", "-xc++"]),
    ] {
        match Command::new(compiler).arg("--version").output() {
            Ok(_) => compilers.push((compiler.to_string(), options)),
            Err(_) => println!("skipped: there is no {compiler}"),
        }
    }
    for (compiler, options) in compilers {
        // `zig cc` is two words.
        let mut words = compiler.split(' ');
        run(Command::new(words.next().unwrap())
            .args(words)
            .args(options)
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-o"])
            .args([project.path("all.o"), header.clone()]));
    }
}

/// What a change of a C header must not do in silence.
#[test]
fn a_prototype_that_disagrees_is_an_error_with_both_places() {
    let project = Project::new("disagrees");
    let source = |include: &str| {
        format!(
            "cgo::c_preamble! {{\n#include \"callbacks.h\"\n{include}\n}}\n\n#[cgo::export_c]\npub fn on_event(code: i32) {{ let _ = code; }}\n"
        )
    };
    project.file("src/callbacks.h", "\nvoid on_event(int code);\n");
    project.file("src/lib.rs", &source(""));
    project.cargo("check -q");
    for (declared, difference) in [
        (
            "void on_event(long code);",
            "parameter 1 is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C",
        ),
        (
            "void on_event(unsigned code);",
            "an unsigned integer of 4 bytes in C",
        ),
        (
            "void on_event(float code);",
            "a floating-point number of 4 bytes in C",
        ),
        ("void on_event(int *code);", "a pointer in C"),
        (
            "int on_event(int code);",
            "the result is nothing here, and a signed integer of 4 bytes in C",
        ),
        (
            "void on_event(int code, int more);",
            "the number of parameters is 1 here, and 2 in C",
        ),
        ("void on_event(int code, ...);", "it takes `...` in C"),
    ] {
        project.file("src/callbacks.h", &format!("\n{declared}\n"));
        let said = project.cargo_fails("check -q");
        for part in [difference, "callbacks.h:2", "src/lib.rs:7:8"] {
            assert!(said.contains(part), "{declared}: {part}\n{said}");
        }
        assert_eq!(said.matches("error[").count(), 1, "{said}");
    }
    // The header does not get in the way of that, nor of other words for the same types.
    project.file("src/lib.rs", &source("#include \"_cgo_export.h\""));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("it takes `...` in C") && said.contains("callbacks.h:2"),
        "{said}"
    );
    project.file(
        "src/callbacks.h",
        "typedef int number;\nvoid on_event(const number code);\n",
    );
    project.cargo("check -q");
}

/// Variables and types are compared as functions are, and names that both sides define are rejected.
#[test]
fn other_declarations_that_disagree_are_errors() {
    let project = Project::new("others");
    let rust = "#[cgo::export_c] pub static COUNT: i32 = 5;\n\
                #[cgo::export_c] pub static MANY: [u16; 3] = [0; 3];\n\
                #[cgo::export_c] pub fn call(_: i32) -> i32 { 1 }\n\
                #[cgo::export_c] #[repr(C)] pub struct Pair { pub a: i32, pub b: i32 }\n\
                #[cgo::export_c] #[repr(C)] pub enum Way { Up, Down }\n";
    for (declared, difference) in [
        (
            "extern int COUNT; extern unsigned short MANY[]; int call(); struct Pair;",
            None,
        ),
        (
            "extern const int COUNT; extern uint16_t MANY[3]; enum Way { UP };",
            None,
        ),
        ("struct Pair { int a, b; }; typedef struct Pair Pair;", None),
        ("static int call(int a) { return a; }", None),
        ("__attribute__((weak)) int call(int a) { return a; }", None),
        (
            "extern long COUNT;",
            Some("it is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C"),
        ),
        (
            "int COUNT(void);",
            Some("it is a variable here, and a function in C"),
        ),
        (
            "extern int call;",
            Some("it is a function here, and a variable in C"),
        ),
        (
            "extern unsigned short MANY[4];",
            Some("it is an array of 6 bytes here, and an array of 8 bytes in C"),
        ),
        ("int COUNT;", Some("`COUNT` is defined in C too")),
        (
            "int call(int a) { return a; }",
            Some("`call` is defined in C too"),
        ),
        (
            "struct Pair { int a; short b; };",
            Some("member 2 has 4 bytes at offset 4 here, and 2 bytes at offset 4 in C"),
        ),
        (
            "struct Pair { int a[2]; };",
            Some("the number of members is 2 here, and 1 in C"),
        ),
        (
            "typedef struct { long a, b; } Pair;",
            Some("16 bytes aligned to 8 in C"),
        ),
        (
            "enum Way { UP = -1 };",
            Some("an unsigned integer of 4 bytes here, and a signed integer of 4 bytes in C"),
        ),
    ] {
        let source = format!("cgo::c_preamble! {{\n#include <stdint.h>\n{declared}\n}}\n{rust}");
        project.file("src/lib.rs", &source);
        match difference {
            None => drop(project.cargo("check -q")),
            Some(difference) => {
                let said = project.cargo_fails("check -q");
                for part in [difference, "lib.rs:3"] {
                    assert!(said.contains(part), "{declared}: {part}\n{said}");
                }
                assert_eq!(said.matches("error[").count(), 1, "{said}");
            }
        }
    }
}

/// However many preambles the sources have, all are compared; a macro may write more than can be seen there.
#[test]
fn a_preamble_too_many_to_be_compared_is_an_error() {
    let project = Project::new("many");
    let source = |made: &str, last: &str| {
        format!(
            "macro_rules! many {{ ($($name:ident)*) => {{ $(mod $name {{ cgo::c_preamble! {{ extern int x; }} }})* }} }}\n\
             {made}\nmod last {{ cgo::c_preamble! {{ {last} }} }}\n#[cgo::export_c] fn on_event(_: i32) {{}}\n"
        )
    };
    let names: String = (0..20).map(|n| format!("m{n} ")).collect();
    let written = (0..20).map(|n| format!("mod m{n} {{ cgo::c_preamble! {{ extern int x; }} }}\n"));
    let (written, by_macro) = (written.collect::<String>(), format!("many! {{ {names} }}"));
    for fine in [
        "extern int y;",
        "#include \"_cgo_export.h\"\n",
        "void on_event(int code);",
    ] {
        project.file("src/lib.rs", &source(&written, fine));
        project.cargo("check -q");
    }
    for (made, expected) in [
        (&written, "`on_event` is not what C declares"),
        (&by_macro, "this preamble is number 21 of the crate"),
    ] {
        project.file("src/lib.rs", &source(made, "void on_event(long code);"));
        let said = project.cargo_fails("check -q");
        assert!(said.contains(expected), "{said}");
    }
}

/// Each preamble that declares an export is compared, in whatever module it is.
#[test]
fn every_preamble_is_compared() {
    let project = Project::new("several");
    let source = |second: &str| {
        format!(
            "mod a {{ cgo::c_preamble! {{ void on_event(int code); }} }}\nmod b {{ pub mod c {{ cgo::c_preamble! {{ void on_event({second} code); }} }} }}\n\
             mod d {{ mod e {{ #[cgo::export_c]\nfn on_event(_: i32) {{}} }} }}\n"
        )
    };
    project.file("src/lib.rs", &source("int"));
    project.cargo("check -q");
    project.file("src/lib.rs", &source("short"));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("lib.rs:2: void on_event(short code)"),
        "{said}"
    );
}

#[test]
fn the_header_holds_what_is_compiled() {
    let project = Project::new("cfgs");
    project.manifest(&manifest("cfgs", "2021", "\n[features]\nmore = []\n"));
    project.file(
        "src/lib.rs",
        "cgo::c_preamble! { #cgo header: cfgs.h\n}\n#[cfg(feature = \"more\")] mod more;\n#[cfg(not(feature = \"more\"))] #[cgo::export_c] pub fn less() {}\n",
    );
    project.file("src/more.rs", "#[cgo::export_c] pub fn more() {}\n");
    let header = project.path("src/cfgs.h");
    project.cargo("check -q");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        text.contains("less(void)") && !text.contains("more(void)"),
        "{text}"
    );
    project.cargo("check -q --features more");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        !text.contains("less(void)") && text.contains("more(void)"),
        "{text}"
    );
}

/// Values and types are those that Rust means, whatever else has the same name; C's compiler compares.
#[test]
fn names_and_constants_mean_in_c_what_they_mean_in_rust() {
    let project = Project::new("meaning");
    project.file(
        "src/lib.rs",
        r#"cgo::c_preamble! {
#include "_cgo_export.h"
_Static_assert(F_LOW == 15 && F_SHIFTED == 254 && F_NEXT == 255, "in the constants' own types");
_Static_assert(G_TOP == 2147483647 && G_OWN == 7, "not the crate's MAX");
_Static_assert(sizeof(Item) == 1 && sizeof(Kept) == 12, "the crate's own, and by the path");
static void call(void) { hidden(); in_method(0); number(1); }
}
use cgo::export_c;
const MASK: u8 = !0xF0;
const X: u8 = 255;
const MAX: isize = 7;
#[export_c] #[repr(u32)] pub enum F { LOW = MASK as u32, SHIFTED = (X << 1) as u32, NEXT }
#[export_c] #[repr(C)] pub enum G { TOP = std::ffi::c_int::MAX as isize, OWN = MAX }
pub struct Counter;
impl Iterator for Counter { type Item = u32; fn next(&mut self) -> Option<u32> { None } }
#[export_c] #[repr(C)] pub struct Item { pub a: u8 }
mod sizes { pub const SIZE: usize = 3; pub type Word = u32; }
mod others { pub const SIZE: usize = 5; pub type Word = u8; }
use sizes::Word as W;
#[export_c] #[repr(C)] pub struct Kept { pub many: [W; sizes::SIZE] }
const _: () = { #[export_c] fn hidden() {} };
impl Counter { pub fn method() { struct Local; #[export_c] fn in_method(a: Option<&Local>) { let _ = a.is_some(); } } }
mod platform { #![cfg(windows)] #[cgo::export_c] pub fn number(a: *const u8) { let _ = a; } }
#[export_c] fn number(a: others::Word) { let _ = (a, others::SIZE); }
pub unsafe fn run() { unsafe { C::call() } }
"#,
    );
    project.cargo("check -q");
}

/// An export that a macro writes is not in the header, which says so: the preamble declares it, and is compared with it.
#[test]
fn an_export_of_a_macro_is_declared_by_the_preamble() {
    let project = Project::new("unread");
    let source = |prototype: &str| {
        format!(
            "cgo::c_preamble! {{\n#cgo header: unread.h\n{prototype};\nstatic int call(void) {{ return by_macro(40); }}\n}}\n\
             macro_rules! make {{ ($name:ident) => {{ #[cgo::export_c] fn $name(a: i32) -> i32 {{ a + 2 }} }} }}\nmake!(by_macro);\n\
             fn main() {{ println!(\"{{}}\", unsafe {{ C::call() }}) }}\n"
        )
    };
    project.file("src/main.rs", &source("int by_macro(int a)"));
    assert_eq!(project.cargo("run -q"), "42\n");
    let text = std::fs::read_to_string(project.path("src/unread.h")).unwrap();
    assert!(
        text.contains("/* Exports of the macro at main.rs:6 are not declared here"),
        "{text}"
    );
    project.file("src/main.rs", &source("int by_macro(long a)"));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("`by_macro` is not what C declares: parameter 1"),
        "{said}"
    );
}

/// A macro's own constant hides one of a glob, and only rustc knows: what a source of the user's reads in the header is compared too.
#[test]
fn numbers_that_only_a_source_takes_in_are_compared() {
    const RUST: &str = r#"
        mod given { pub const N: usize = 3; }
        use given::*;
        macro_rules! number { ($name:ident) => { const $name: usize = 21; } }
        number!(N);
        cgo::c_preamble! {
            #cgo SOURCES: size.c
            int size(void);
        }
        #[cgo::export_c]
        #[repr(C)]
        struct P { bytes: [u8; N] }
        fn main() { assert_eq!(unsafe { C::size() }, std::mem::size_of::<P>() as i32) }
    "#;
    let project = Project::new("numbers");
    project.manifest(&manifest("numbers", "2024", ""));
    project.file(
        "src/size.c",
        "#include \"_cgo_export.h\"\nint size(void) { return sizeof(P); }\n",
    );
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    assert!(
        said.contains("an array in it is [21] here, and [3] in C"),
        "{said}"
    );
    let written = RUST.replace("number!(N);", "const N: usize = 21;");
    project.file("src/main.rs", &written).cargo("run");
}

/// What is behind a pointer is compared with C nowhere else.
#[test]
fn lengths_behind_aliases_and_pointers_are_compared() {
    const RUST: &str = r#"
        use cgo::export_c;
        mod given { pub const N: usize = 3; pub type Other = [u8; 3]; pub type Plain = [u8; 3]; }
        use given::*;
        macro_rules! written { ($item:item) => { $item } }
        written!(const N: usize = 21;);
        written!(type Other = [u8; 21];);
        type Row = [u8; N];
        type Rows = [Row; 2];
        #[export_c]
        fn total(row: &Row) -> u8 { row.iter().sum() }
        #[export_c]
        #[repr(C)]
        struct Holder { rows: *const Rows }
        #[export_c]
        static HELD: Option<&Other> = None;
        #[export_c]
        fn last(row: &Plain) -> u8 { row[2] }
        cgo::c_preamble! {
            #include "_cgo_export.h"
            static int last_of_three(void) { const uint8_t row[] = { 1, 2, 3 }; return last(&row); }
        }
        fn main() { assert_eq!(unsafe { C::last_of_three() }, 3) }
    "#;
    let project = Project::new("behind");
    project.manifest(&manifest("behind", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    for expected in [
        "`total` is not what C declares: an array in it is [21] here, and [3] in C",
        "`Holder` is not what C declares: an array in it is [2][21] here, and [2][3] in C",
        "`HELD` is not what C declares: an array in it is [21] here, and [3] in C",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert!(!said.contains("`last` is"), "{said}");
    let written = RUST.lines().filter(|line| !line.contains("written!("));
    let written = written.collect::<Vec<_>>().join("\n");
    project.file("src/main.rs", &written).cargo("run");
}

/// A division may fail, so that rustc does not make a constant of it that lives for ever.
#[test]
fn a_length_may_be_a_quotient_beside_a_named_type() {
    const RUST: &str = r#"
        use cgo::export_c;
        mod m { #[cgo::export_c] #[repr(C)] pub struct Held { pub x: u8 } }
        const N: usize = 9;
        const TWO: usize = 2;
        #[export_c]
        #[repr(C)]
        struct Holder { held: *const m::Held, bytes: [u8; N % (TWO & 3) + 1] }
        #[export_c]
        fn last(held: &m::Held, bytes: &[u8; N / (TWO & 3)]) -> u8 { held.x + bytes[3] }
        cgo::c_preamble! {
            #include "_cgo_export.h"
            static int size(void) { return sizeof(((struct Holder *)0)->bytes); }
        }
        fn main() { assert_eq!(unsafe { C::size() }, 2) }
    "#;
    let project = Project::new("quotient");
    project.manifest(&manifest("quotient", "2024", ""));
    project.file("src/main.rs", RUST).cargo("run");
}

/// C would read the members of its own struct in a value of Rust's.
#[test]
fn a_type_of_rust_whose_tag_c_defines_is_an_error() {
    const RUST: &str = r#"
        use cgo::export_c;
        pub struct Node { a: u64 }
        #[export_c]
        fn use_node(node: &Node) -> u64 { node.a }
        #[export_c]
        fn node_new() -> Box<Node> { Box::new(Node { a: 7 }) }
        cgo::c_preamble! {
            struct Nodes { int x; }; struct Node { int x; };
            #include "_cgo_export.h"
            static int seven(void) { return (int)use_node(node_new()); }
        }
        fn main() { assert_eq!(unsafe { C::seven() }, 7) }
    "#;
    let project = Project::new("opaque");
    project.manifest(&manifest("opaque", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    let expected =
        "`Node` is defined in C, and is also a Rust type whose members _cgo_export.h does not have";
    assert!(said.contains(expected), "{said}");
    assert!(said.contains("src/main.rs:9:45"), "{said}");
    let own = RUST.replace("struct Node { int x; };", "");
    project.file("src/main.rs", &own).cargo("run");
    let header = "#include <search.h>\nstruct Node { int x; };\n";
    project.file("src/node.h", header);
    let included = RUST.replace("struct Node { int x; };", "\n#include \"node.h\"\n");
    let said = project.file("src/main.rs", &included).cargo_fails("build");
    assert!(
        said.contains(expected) && said.contains("node.h:2"),
        "{said}"
    );
}

/// Its prototypes name a type that no C of this preamble has.
#[test]
fn a_preamble_need_not_know_the_structs_of_another() {
    const RUST: &str = r#"
        use cgo::export_c;
        mod a { cgo::c_preamble! {
            struct point { int x, y; };
            typedef int number;
            #include "_cgo_export.h"
            static int three(void) { struct point p = { 1, 2 }; return take(p) + behind(&p) - 1; }
        } }
        #[export_c]
        fn take(point: a::C::struct_point) -> i32 { point.x + point.y }
        #[export_c]
        fn behind(point: *const a::C::struct_point) -> i32 { unsafe { (*point).x } }
        #[export_c]
        fn other(n: i32) -> i32 { n + 1 }
        cgo::c_preamble! {
            #cgo CFLAGS: -Werror
            #include "_cgo_export.h"
            static int five(void) { return other(4); }
        }
        fn main() { assert_eq!(unsafe { (a::C::three(), C::five()) }, (3, 5)) }
    "#;
    let project = Project::new("two");
    project.manifest(&manifest("two", "2024", ""));
    project.file("src/main.rs", RUST).cargo("run");
    let typed = RUST.replace("fn other(n: i32)", "fn other(n: a::C::number)");
    let said = project.file("src/main.rs", &typed).cargo_fails("build");
    for expected in [
        "unknown type name 'number'",
        "because of `#[export_c]` on `other` at",
        "help: declare the type before the `#include`",
        "src/main.rs:17:",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
}

#[test]
fn a_member_that_is_a_macro_in_c_is_an_error_that_names_it() {
    const RUST: &str = r#"
        #[cgo::export_c]
        #[repr(C)]
        struct Times { set: bool, st_atime: i32 }
        cgo::c_preamble! {
            #define st_atime st_atim.tv_sec
            #include "_cgo_export.h"
            static int size(void) { return sizeof(Times); }
        }
        fn main() { assert_eq!(unsafe { C::size() }, 8) }
    "#;
    let project = Project::new("member");
    project.manifest(&manifest("member", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    for expected in [
        "because of `#[export_c]` on `Times` at",
        "help: `st_atime` is a macro here; rename it in Rust",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let named = RUST.replace("set: bool, st_atime", "set: bool, accessed");
    project.file("src/main.rs", &named).cargo("run");
}

/// A preamble that does not include the header has nothing to compare types with.
#[test]
fn a_layout_that_flags_change_is_an_error_in_a_source() {
    const RUST: &str = r#"
        cgo::c_preamble! {
            #cgo SOURCES: pair.c
            #cgo CFLAGS: -DFLAG
            int pair(void);
        }
        #[cgo::export_c]
        #[repr(C)]
        struct Pair { a: u8, b: i32 }
        #[cgo::export_c]
        fn second(pair: &Pair) -> i32 { pair.b }
        fn main() { assert_eq!(unsafe { C::pair() }, 7) }
    "#;
    let project = Project::new("packed");
    project.file(
        "src/pair.c",
        "#include \"_cgo_export.h\"\nint pair(void) { Pair p = { 1, 7 }; return second(&p); }\n",
    );
    project.file("src/main.rs", RUST).cargo("run");
    for (flag, expected) in [
        ("-fpack-struct=1", "Rust does not know of -fpack-struct"),
        ("-fpack-struct=4", "Rust does not know of -fpack-struct"),
        ("-fshort-enums", "Rust does not know of -fshort-enums"),
    ] {
        let said = project
            .file("src/main.rs", &RUST.replace("-DFLAG", flag))
            .cargo_fails("build");
        assert!(said.contains(expected), "{flag}\n{said}");
    }
}
