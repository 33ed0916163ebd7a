//! Random input for the engine's parsers. Whatever text or bytes come in, a parser returns: none panics, hangs, or takes quadratic time.
//!
//! `CGO_FUZZ=100000 cargo test --release -p cgo-driver fuzz` tries as many random inputs on each parser. Without the variable the same few
//! inputs are tried every time. `ci/fuzz` runs libFuzzer.

mod parsers;

use std::env;
use std::fs;
use std::process::Command;
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;

use cgo_codegen::model::probe_results::Constant;
use cgo_codegen::model::types::{Record, Type};
use cgo_csyntax::files::kept_file;
use cgo_random_input::{Units, check, texts, write_seeds};
use parsers::{BYTES_PARSERS, C, PARSERS};

/// Texts that mean something to some parser. Random texts are put together from their pieces.
const SEEDS: [&str; 6] = [
    "# 1 \"/usr/include/a.h\" 1 3 4\ntypedef unsigned long size_t; struct stat { int a : 3; union { long l; } u; };\n\
     extern int f (const char *__restrict s, ...) __attribute__ ((__nothrow__)) __asm__ (\"\" \"g\");\n# 9 \"main.rs\" 2\n\
     #define ONE 1\n#define TWO ( ONE + sizeof(struct stat) )\n#define TEXT \"a\" \"b\"\n#define CALL(x) x\n#undef THREE\n\
     static inline int add(int a, int b) { if (a) { return '}'; } return b; }\n\
     typedef enum { RED, GREEN = 2 } color; enum E : int { X }; int (*table[3])(void), *p = { 0 };\n",
    "  #cgo linux,amd64 !musl && (a || b) CFLAGS: -DA='b c' \"-I x\" ${SRCDIR}/y\n#cgo LDFLAGS: -L. -la -Wl,-rpath,x -pthread\n\
     #cgo SOURCES: a.c\n#cgo bind: * f\n#cgo pkg-config: sqlite3 >= 3.30 --static\n#cgo unsafe safe: abs\n#cgo header: a.h\n",
    "In file included from a.h:1,\n                 from main.rs:2:\nb.h:3:4: error: 'x' undeclared\nb.h:3:4: note: here\n\
     main.rs:5: fatal error: no\nmain.rs:1:2: warning: so [-Wall]\nx.o: a.c \\\n my\\ header.h cost$$.h\n",
    "/** @brief Takes [x] and <T>, `code`; see http://a.b/c_d. \\param[in] a the first\n * - item\n *     indented\n\
     * 1. one\n```\n@code\n@endcode\n// # Title\n// ======\n*/ int f(int a);\n",
    "#[cfg(all(unix, not(feature = \"a\")))] #[path = \"x\"] mod m { mod n; type A = B<'a, C>; include!(\"x\") }\n\
     /// Says \"so\".\n#[repr(C)] #[export_c(name = \"n\", on_panic = f(1))] pub unsafe extern \"C\" fn f<'a>(a: &'a [u8; 2], \
     b: Option<&CStr>, c: *mut i32, d: extern \"C\" fn(i32) -> u8) -> (A, B<C>) where A: B { 'c'; b\"x\"; r#\"y\"#; 1.5e-3 }\n\
     #[export_c] static mut X: u8 = 1; #[export_c] #[repr(u8)] enum E { A = -1, B }\n\
     #[export_c] #[repr(C)] struct S { a: u8, r#type: [T; N] } c_preamble! { pub mod x; int a; } use a::{b, c as d};\n",
    "gnu\n1 2\n/usr/bin/cc\n1\n-O0\n1\nLC_ALL\nC\nar\n0\n0\n\"a\\n\\x41\\u{e9}\\\"\" r##\"b\"##\n",
];

#[test]
fn random_texts() {
    for (name, parser) in PARSERS {
        check(name, &texts(&SEEDS), |text| parser(&text));
    }
}

/// The same unit very often, nested or in sequence. The time must be linear, and a stack must suffice that is much smaller than rustc's, as
/// these texts are smaller than real ones may be.
#[test]
fn long_texts() {
    let thread = thread::Builder::new().stack_size(512 * 1024);
    let running = thread.spawn(try_long_texts).unwrap();
    running.join().unwrap();
}

fn try_long_texts() {
    let units = Units {
        plain: &LONG,
        numbered: &NUMBERED,
        inside: "",
        end: "x;",
    };
    units.try_each(|text| {
        for (_, parser) in PARSERS {
            parser(text);
        }
    });
}

/// Units that are repeated as they are.
const LONG: [&str; 69] = [
    "struct {",
    "struct S {",
    "union { struct ",
    "enum { A = (",
    "enum E : ",
    "typedef struct {",
    "int a, ",
    "int (*",
    "f(",
    "((int)",
    "(int)",
    "sizeof(",
    "sizeof ",
    "__attribute__((",
    "_Atomic(",
    "= {",
    "[1]",
    "int f() {} ",
    "struct S {} ",
    "struct S {} )",
    "\\\"",
    "\"\\",
    "'\\",
    "r#\"",
    "r\"",
    "r##",
    "b'",
    "'a ",
    "/* ",
    "/*/",
    "# 1 \"a\"\n",
    "#define A A\n",
    "#define F(x) F\n",
    "#undef A\n",
    "#cgo CFLAGS: 'a\n",
    "#cgo LDFLAGS: -la -Lb\n",
    "#cgo ((a) CFLAGS: b\n",
    "!",
    "(a) ",
    "a b ",
    "In file included from a:1,\n",
    "a:1:2: error: b\n",
    "a:1:2: note: b\n",
    ": error: ",
    "from ",
    "mod a { ",
    "mod a;",
    "#[cfg(all(",
    "all(",
    "not(",
    "#[export_c] ",
    "#[export_c] fn f() { ",
    "#[export_c] fn f(a: A<",
    "A<",
    "&'a ",
    "*mut ",
    "Option<",
    "extern \"C\" fn(",
    "include!(\"",
    "c_preamble!{",
    "use a::{",
    "#[cfg_attr(all(), a)] ",
    "#[cfg_attr(all(), ",
    "const A: u8 = ",
    "- ",
    "impl A for (Self, Self) { ",
    "-Wl,a,",
    "- a\n",
    "    a\n",
];

/// Units that are repeated with numbers: chains of names, and many different names.
const NUMBERED: [&str; 12] = [
    "# 1 \"THIS\"\n",
    "#define THIS NEXT\n",
    "#define THIS (NEXT + 1)\n",
    "#define THIS NEXT NEXT\n",
    "int THIS;\n",
    "typedef THIS NEXT;\n",
    "struct THIS { struct NEXT *a; };\n",
    "#[export_c] fn THIS(a: NEXT) {}\n",
    "type THIS = NEXT;\n",
    "const THIS: usize = NEXT + NEXT;\n",
    "#[export_c] #[repr(C)] struct THIS { a: NEXT, b: NEXT }\n",
    "int THIS; ",
];

/// The object file of the probe for this text.
fn compiled(text: &str, compiler: &str, target: Option<&str>) -> Vec<u8> {
    let (_, _, probe) = parsers::preprocessed(text);
    let folder = kept_file::temporary(&env::temp_dir(), "fuzz");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("probe.c"), format!("{text}{}", probe.text)).unwrap();
    let other = target.map(|target| [format!("--target={target}"), "-fintegrated-as".to_string()]);
    let said = Command::new(compiler)
        .current_dir(&folder)
        .args(other.into_iter().flatten())
        .args(["-w", "-g", "-c", "probe.c", "-o", "probe.o"])
        .output()
        .unwrap();
    let object = fs::read(folder.join("probe.o"));
    fs::remove_dir_all(&folder).unwrap();
    object.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&said.stderr)))
}

#[test]
fn damaged_object_files() {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_string());
    damage(&compiled(C, &compiler, None));
}

/// Targets of all formats, widths and byte orders, with addends in relocations or at their places, and with differences of labels. Each
/// with the size of its pointers and its prefix of names.
const TARGETS: [(&str, u64, &str); 19] = [
    ("x86_64-linux-gnu", 8, ""),
    ("i686-linux-gnu", 4, ""),
    ("aarch64-linux-gnu", 8, ""),
    ("armv7-linux-gnueabihf", 4, ""),
    ("riscv64-linux-gnu", 8, ""),
    ("riscv32-linux-gnu", 4, ""),
    ("s390x-linux-gnu", 8, ""),
    ("powerpc64le-linux-gnu", 8, ""),
    ("powerpc64-linux-gnu", 8, ""),
    ("powerpc-linux-gnu", 4, ""),
    ("mips-linux-gnu", 4, ""),
    ("sparc64-linux-gnu", 8, ""),
    ("x86_64-w64-mingw32", 8, ""),
    ("i686-w64-mingw32", 4, "_"),
    ("aarch64-w64-mingw32", 8, ""),
    ("x86_64-apple-macosx11", 8, "_"),
    ("arm64-apple-macosx11", 8, "_"),
    ("wasm32-unknown-unknown", 4, ""),
    ("wasm64-unknown-unknown", 8, ""),
];

/// clang compiles for every target.
#[test]
fn object_files_of_other_targets() {
    if Command::new("clang").arg("--version").output().is_err() {
        eprintln!("skipped: there is no clang");
        return;
    }
    let (_, selection, probe) = parsers::preprocessed(C);
    let at = |name: &str| {
        let mut items = selection.items.iter();
        items.position(|item| item.name == name).unwrap()
    };
    for (target, pointer, prefix) in TARGETS {
        let object = compiled(C, "clang", Some(target));
        let results = crate::probe::read::read(&object, &probe, selection.items.len())
            .unwrap_or_else(|error| panic!("{target}: {error}"));
        assert_eq!(results.bases.pointer().size, pointer, "{target}");

        let type_of = |name| results.types.get(results.of_item[&at(name)]);
        assert!(
            matches!(type_of("record"), Type::Record(Record { tag: Some(tag), body: Some(body), .. })
                if tag == "record" && body.members.len() == 3),
            "{target}: {:?}",
            type_of("record")
        );
        assert!(matches!(type_of("f"), Type::Function(_)), "{target}");

        let constant = |name| results.constants[at(name)].clone().unwrap();
        assert_eq!(constant("GREEN"), Constant::Integer(2), "{target}");
        assert_eq!(constant("NUMBER"), Constant::Float(3.5), "{target}");
        assert_eq!(
            constant("TEXT"),
            Constant::String(b"a".to_vec()),
            "{target}"
        );

        for name in ["f", "atom"] {
            assert_eq!(
                results.symbols[&at(name)],
                format!("{prefix}{name}"),
                "{target}"
            );
        }
        damage(&object);
    }
}

/// Writes the seeds of `ci/fuzz`, in a folder for each parser.
#[test]
#[ignore = "it is ci/fuzz that asks for them"]
fn seeds() {
    for (reader, _) in PARSERS {
        let texts = SEEDS.iter().chain(&LONG).chain(&NUMBERED);
        write_seeds(&parsers::folder(reader), texts.map(|text| text.as_bytes()));
    }
    let objects = TARGETS.map(|(target, ..)| compiled(C, "clang", Some(target)));
    for (reader, _) in BYTES_PARSERS {
        let objects = objects.iter().map(Vec::as_slice);
        write_seeds(&parsers::folder(reader), objects);
    }
}

fn damage(object: &[u8]) {
    let (_, selection, probe) = parsers::preprocessed(C);
    let whole = crate::probe::read::read(object, &probe, selection.items.len()).unwrap();
    assert!(!whole.of_item.is_empty());
    let changes = vec((any::<usize>(), any::<u8>()), 1..8);
    let cut = prop::option::weighted(0.2, any::<usize>());
    check("object file", &(changes, cut), |(changes, cut)| {
        let mut damaged = object.to_vec();
        for (at, byte) in changes {
            let at = at % damaged.len();
            damaged[at] = byte;
        }
        if let Some(length) = cut {
            damaged.truncate(length % object.len());
        }
        parsers::object_file(&damaged, C);
    });
}
