//! What C23 adds, as far as the compilers have it: each is asked, feature by feature.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::{Project, c_compiler, installed, run};

/// A piece of C23, and what Rust is to see of it. The module's name says what it is.
struct Feature {
    name: &'static str,
    c: &'static str,
    rust: &'static str,
}

const FEATURES: &[Feature] = &[
    Feature {
        name: "attributes",
        c: "[[nodiscard]] static int must(void) { return 4; }
            [[deprecated(\"old\")]] static int old(int a, [[maybe_unused]] int b) { return a; }
            struct [[deprecated]] odd { int a; };
            [[nodiscard(\"a reason\")]] long double wide(long double l);
            long double wide(long double l) { return l; }",
        rust: "#[allow(deprecated)] let old = C::old(1, 2); assert_eq!((C::must(), old, C::wide(1.5)), (4, 1, 1.5));",
    },
    Feature {
        name: "noreturn",
        c: "[[noreturn]] void leave(void); void leave(void) { for (;;); }",
        rust: "let _: unsafe extern \"C\" fn() -> ! = C::leave;",
    },
    Feature {
        name: "unnamed_parameters",
        c: "static int second(int, int b) { return b; } static int varies(int, ...) { return 3; }",
        rust: "assert_eq!((C::second(1, 2), C::varies(1)), (2, 3));",
    },
    Feature {
        name: "literals",
        c: "#define BINARY 0b1010\n#define LARGE 1'000'000\n#define BITS (0b1000'0001u)
            static int one_thousand(void) { return 1'000; } static int after(void) { return 0x1'f; }",
        rust: "assert_eq!((C::BINARY, C::LARGE, C::BITS, C::one_thousand(), C::after()), (10, 1_000_000, 129, 1000, 31));",
    },
    Feature {
        name: "keywords",
        c: "static bool turn(bool b) { return b == false; }
            static_assert(sizeof(bool) == 1); thread_local int of_thread = 4; alignas(16) char aligned[3];
            #define TRUTH true",
        rust: "let truth: bool = C::TRUTH; assert_eq!((truth, C::turn(true), *C::of_thread()), (true, false, 4));
               assert_eq!((&raw const C::aligned) as usize % 16, 0);",
    },
    Feature {
        name: "empty_brackets",
        c: "static int none() { return 3; } int (*pointer)() = none; int (*only_none)(void) = none;",
        rust: "assert_eq!((C::none(), C::pointer.unwrap()(), C::only_none.unwrap()()), (3, 3, 3));",
    },
    Feature {
        name: "nothing_before_the_dots",
        c: "#include <stdarg.h>
            static double sum(...) { va_list l; va_start(l); double d = va_arg(l, double); d += va_arg(l, int); va_end(l); return d; }
            typedef double (*summing)(...); static double call(summing f) { return f(2.5, 3); } struct holds { summing f; };",
        rust: "let holds = C::struct_holds { f: Some(C::sum) };
               assert_eq!((C::sum(1.5f64, 4), C::call(Some(C::sum)), holds.f.unwrap()(0.5f64, 1)), (5.5, 5.5, 1.5));",
    },
    Feature {
        name: "constexpr_objects",
        c: "struct pair { int a, b; }; enum color { RED, GREEN = 7 };
            constexpr int LIMIT = 42; constexpr double HALF = 0.5; constexpr unsigned long BIG = -1ul; constexpr bool YES = 1;
            constexpr char TEXT[] = \"abc\"; constexpr struct pair PAIR = { 1, 2 }; static constexpr enum color COLOR = GREEN;",
        rust: "const ARRAY: [u8; C::LIMIT as usize] = [0; C::LIMIT as usize]; assert_eq!(ARRAY.len(), 42);
               assert_eq!((C::HALF, C::BIG, C::YES, C::COLOR), (0.5, std::ffi::c_ulong::MAX, true, C::GREEN));
               assert_eq!((C::TEXT[2] as u8, C::PAIR.b), (b'c', 2));",
    },
    Feature {
        name: "enumerations_with_a_type",
        c: "#include <stdint.h>
            enum small : uint8_t { SMALL, LARGEST = 255 }; enum huge : unsigned long long { HUGE = -1ull };
            enum signed_one : short { LEAST = -32768 }; enum wide { WIDE = 1ull << 40 };
            struct holds { enum small s; enum signed_one o; };
            static enum small next(enum small s) { return s + 1; }",
        rust: "let (small, huge, least): (u8, u64, i16) = (C::LARGEST, C::HUGE, C::LEAST);
               assert_eq!((small, huge, least, C::WIDE), (255, u64::MAX, i16::MIN, 1 << 40));
               assert_eq!((C::next(C::LARGEST), size_of::<C::struct_holds>()), (0, 4));",
    },
    Feature {
        name: "nullptr",
        c: "#include <stddef.h>
            typedef typeof(nullptr) null; static null same(null n) { return n; } static int is_null(void *p) { return p == nullptr; }
            struct holds { char c; null n; };\n#define NULL_POINTER nullptr",
        rust: "let null: *mut std::ffi::c_void = C::same(std::ptr::null_mut()); assert_eq!(C::is_null(null), 1);
               assert!(C::NULL_POINTER.is_null()); assert!(C::struct_holds::default().n.is_null());",
    },
    Feature {
        name: "typeof_operators",
        c: "static const double half = 0.5; typeof(half) third = 0.25; typeof_unqual(half) fourth = 4;
            static typeof(int[2]) *list(typeof(third) *d) { static int two[2] = { 1, 2 }; return &two; }",
        rust: "assert_eq!((C::third, C::fourth, (*C::list(&C::third))[1]), (0.25, 4.0, 2));",
    },
    Feature {
        name: "inference",
        c: "static auto inferred = 4.5f; static auto number = 3ul;",
        rust: "assert_eq!((C::inferred, C::number), (4.5f32, 3));",
    },
    Feature {
        name: "bit_precise_integers",
        c: "typedef unsigned _BitInt(7) seven; typedef _BitInt(37) thirty_seven; typedef unsigned _BitInt(256) wide;
            static seven add(seven a, thirty_seven b) { return a + (seven)b; } static wide same(wide w) { return w; }
            static seven make(int i) { return i; } static int take(seven s) { return s; } static thirty_seven more(void) { return 5; }
            struct holds { seven s; thirty_seven t; _BitInt(17) u; }; static struct holds pass(struct holds h) { h.s++; return h; }",
        rust: "assert_eq!(C::take(C::add(C::make(100), C::more())), 105); C::same(C::wide::default());
               assert_eq!(C::take(C::pass(C::struct_holds::default()).s), 1);",
    },
    Feature {
        name: "labels_and_declarations",
        c: "static int jump(int a) { if (a) goto out; a = 5; out: int b = a; return b; }",
        rust: "assert_eq!((C::jump(0), C::jump(3)), (5, 3));",
    },
    Feature {
        name: "same_tags_again",
        c: "struct same { int a; }; struct same { int a; }; static int get(struct same s) { return s.a; }",
        rust: "assert_eq!(C::get(C::struct_same { a: 3 }), 3);",
    },
    Feature {
        name: "checked_arithmetic",
        c: "#include <stdckdint.h>
            static bool add(int *to, int a, int b) { return ckd_add(to, a, b); }",
        rust: "let mut sum = 0; assert!(!C::add(&mut sum, 1, 2)); assert_eq!(sum, 3); assert!(C::add(&mut sum, i32::MAX, 1));",
    },
    Feature {
        name: "counts_and_octals_of_c2y",
        c: "static int list[7];\n#define COUNT _Countof(list)\n#define MODE 0o644
            static int both(void) { return (int)COUNT + MODE; }",
        rust: "const LIST: [u8; C::COUNT as usize] = [0; 7]; assert_eq!((LIST.len(), C::MODE, C::both()), (7, 0o644, 7 + 0o644));",
    },
    Feature {
        name: "embedded_files",
        c: "static const unsigned char self[] = {\n#embed \"main.rs\" limit(4)\n};",
        rust: "assert_eq!(&C::self_, b\"#![a\");",
    },
];

/// Whether the compiler takes the C.
fn accepts(compiler: &str, dialect: &str, c: &str) -> bool {
    let mut command = Command::new(compiler);
    command.args([
        dialect,
        "-Werror=attributes",
        "-fsyntax-only",
        "-x",
        "c",
        "-",
    ]);
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    // A file of that name lies beside the Rust file too.
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/proofs/abi/src"));
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let mut input = child.stdin.take().unwrap();
    // A compiler that rejects the dialect may be gone before it has read anything; its status says so.
    let _ = input.write_all(c.as_bytes());
    drop(input);
    child.wait().unwrap().success()
}

fn bind_with(compiler: &str) {
    if !installed(compiler) {
        return;
    }
    let dialects = ["-std=gnu23", "-std=gnu2x"];
    let Some(dialect) = dialects
        .into_iter()
        .find(|dialect| accepts(compiler, dialect, "int a;"))
    else {
        println!("skipped: `{compiler}` has no C23");
        return;
    };
    let (known, unknown): (Vec<&Feature>, Vec<_>) = FEATURES
        .iter()
        .partition(|feature| accepts(compiler, dialect, feature.c));
    for feature in &unknown {
        println!("skipped: {compiler} has no {}", feature.name);
    }
    assert!(known.len() >= 3, "{compiler} takes hardly anything");
    let (mut main, mut calls) = (String::new(), String::new());
    for Feature { name, c, rust } in known {
        main.push_str(&format!(
            "mod {name} {{\n cgo::c_preamble! {{ r##\"#cgo CFLAGS: {dialect}\n{c}\n\"## }}\n pub fn run() {{ unsafe {{ {rust} }} }}\n}}\n"
        ));
        calls.push_str(&format!("{name}::run();\n"));
    }
    let project = Project::new("c23").with_variable("CC", compiler);
    project.file(
        "src/main.rs",
        &format!(
            "#![allow(unused_unsafe)]\n{main}fn main() {{ {calls} println!(\"all of it\"); }}\n"
        ),
    );
    let said = run(&mut project.command("run -q"));
    assert!(said.ends_with("all of it\n"), "{said}");
}

#[test]
fn of_this_compiler() {
    bind_with(&c_compiler());
}

#[test]
fn of_a_newer_clang() {
    bind_with("clang-22");
}

#[test]
fn of_a_newer_gcc() {
    bind_with("gcc-15");
}

#[test]
fn what_is_not_to_be_passed_over() {
    let project = Project::new("must_use");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! { __attribute__((warn_unused_result)) static int must(void) { return 1; }
         __attribute__((deprecated)) static int old(void) { return 1; } }
         fn main() { unsafe { C::must(); let _ = C::old(); } }\n",
    );
    let output = project.command("build").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("unused return value of `C::must`"), "{said}");
    assert!(
        said.contains("use of deprecated function `C::old`"),
        "{said}"
    );
}
