//! Every preamble is a translation unit: what is `static` in it is its own, whatever another one's text is, and everything else is
//! one for the whole program.

mod support;

use std::process::Command;

use support::{Project, c_compiler, installed, manifest, run};

#[path = "units/a/mod.rs"]
mod a;
// The same text, which finds another `k.h`.
#[path = "units/b/mod.rs"]
mod b;
// The same file once more, which is what is tested.
#[allow(clippy::duplicate_mod)]
#[path = "units/a/mod.rs"]
mod again;

macro_rules! counter {
    () => {
        cgo::c_preamble! {
            pub mod C;
            static int n;
            static int count(void) { return ++n; }
        }
    };
}

mod first {
    counter!();
}
mod second {
    counter!();
}

#[test]
fn a_function_is_its_own_preambles() {
    assert_eq!(unsafe { (a::C::f(), b::C::f()) }, (1, 2));
    assert_eq!(unsafe { (a::C::TWICE(), b::C::TWICE()) }, (2, 4));
}

#[test]
fn a_struct_is_its_own_preambles() {
    assert_eq!(
        (a::C::sizeof_struct_shape, b::C::sizeof_struct_shape),
        (4, 36)
    );
    assert_eq!(unsafe { (a::C::shape().last, b::C::shape().last) }, (1, 2));
}

#[test]
fn a_variable_is_its_own_preambles() {
    unsafe {
        assert_eq!((a::C::count(), a::C::count(), b::C::count()), (1, 2, 1));
        assert_eq!((a::C::n, b::C::n, again::C::n), (2, 1, 0));
        assert_eq!((*a::C::own(), *b::C::own()), (1, 2));
    }
}

/// C17 6.7.4, paragraph 7: no other file's definition counts for a function that this one only promises.
#[test]
fn an_inline_definition_is_its_own_preambles() {
    assert_eq!(unsafe { (a::C::c99(), b::C::c99()) }, (1, 2));
    assert_eq!(unsafe { (a::C::through_c(), b::C::through_c()) }, (1, 2));
}

#[test]
fn a_file_that_is_two_modules_is_two_units() {
    assert_eq!(unsafe { again::C::f() }, 1);
    assert_ne!(&raw const a::C::n, &raw const again::C::n);
}

#[test]
fn a_macro_that_is_called_twice_makes_two_units() {
    unsafe {
        assert_eq!((first::C::count(), first::C::count()), (1, 2));
        assert_eq!(second::C::count(), 1);
    }
}

mod linked {
    cgo::c_preamble! {
        static int log[8], n;
        static void __attribute__((constructor)) start(void) { log[n++] = 1; }
        static void __attribute__((constructor(200))) earlier(void) { log[n++] = 2; }
    }

    #[test]
    fn constructors_have_run_before_main() {
        assert_eq!(unsafe { (C::n, C::log[0], C::log[1]) }, (2, 2, 1));
    }
}

// Microsoft's linker has no symbols for the ends of a section.
#[cfg(not(target_env = "msvc"))]
mod linker_set {
    cgo::c_preamble! {
        #pragma GCC diagnostic ignored "-Wunused-variable"
        #ifdef __APPLE__
        #define SET "__DATA,cgo_test_set"
        extern const int start_of_set[] __asm("section$start$__DATA$cgo_test_set");
        extern const int end_of_set[] __asm("section$end$__DATA$cgo_test_set");
        #else
        #define SET "cgo_test_set"
        extern const int start_of_set[] __asm("__start_" SET);
        extern const int end_of_set[] __asm("__stop_" SET);
        #endif
        static const int first __attribute__((used, section(SET))) = 30;
        static const int second __attribute__((used, section(SET))) = 12;
        static int sum(void) {
            int sum = 0;
            for (const int *p = start_of_set; p < end_of_set; p++) sum += *p;
            return sum;
        }
    }

    #[test]
    fn has_all_its_entries() {
        assert_eq!(unsafe { C::sum() }, 42);
    }
}

// With mingw and for macOS, C itself cannot be linked with a weak symbol that is nowhere.
#[cfg(not(any(windows, target_vendor = "apple")))]
mod weak {
    use std::ffi::c_int;

    cgo::c_preamble! {
        extern int maybe(int a) __attribute__((weak));
        static int has_maybe(void) { return maybe != 0; }
        extern int maybe_variable __attribute__((weak));
        #pragma weak by_pragma
        int by_pragma(void);
        static int has_by_pragma(void) { return by_pragma != 0; }
        static int other_name(int a) __attribute__((weakref("nowhere")));
        static int has_other_name(void) { return other_name != 0; }
        static int absolute(int a) __attribute__((weakref("abs")));

        int here(int a) __attribute__((weak));
        int here(int a) { return a + 1; }
        extern int rusts(int a) __attribute__((weak));
        static int ask(int a) { return rusts ? rusts(a) : -1; }
    }

    #[cgo::export_c]
    fn rusts(a: c_int) -> c_int {
        2 * a
    }

    /// C links what is weak and nowhere as null.
    #[test]
    fn what_is_nowhere_is_null() {
        unsafe {
            assert_eq!(
                (C::has_maybe(), C::has_by_pragma(), C::has_other_name()),
                (0, 0, 0)
            );
            assert!(C::maybe_variable().is_null());
            if C::has_maybe() != 0 {
                C::maybe(1);
                C::by_pragma();
                C::other_name(1);
            }
        }
    }

    #[test]
    fn what_is_somewhere_is_called() {
        unsafe {
            assert_eq!((C::absolute(-3), C::here(1)), (3, 2));
            assert_eq!((C::ask(4), C::rusts(4)), (8, 8));
        }
    }
}

// There are no aliases for macOS.
#[cfg(not(target_vendor = "apple"))]
mod second_name {
    cgo::c_preamble! {
        static int first = 7;
        static int one(void) { return 1; }
        static int again(void) __attribute__((alias("one")));
        static int once_more(void) __attribute__((alias("again")));
        static int labelled(void) __asm__("cgo_test_" "label");
        static int labelled(void) { return 31; }
        static int labelled_variable __asm__("cgo_test_variable") = 32;
        typedef int function(void);
        static function by_type __attribute__((alias("one")));
        static int second __attribute__((alias("first")));
    }

    #[test]
    fn is_as_good_as_the_first() {
        unsafe {
            assert_eq!((C::again(), C::once_more(), C::by_type()), (1, 1, 1));
            C::second = 8;
            assert_eq!({ C::first }, 8);
            assert_eq!((C::labelled(), { C::labelled_variable }), (31, 32));
        }
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod chosen_at_start {
    cgo::c_preamble! {
        static int four(void) { return 4; }
        static int (*choose(void))(void) { return four; }
        static int chosen(void) __attribute__((ifunc("choose")));
        int chosen_for_all(void) __attribute__((ifunc("choose")));
    }

    #[test]
    fn is_called() {
        assert_eq!(unsafe { (C::chosen(), C::chosen_for_all()) }, (4, 4));
    }
}

/// A program with `packages` in folders beside it: of each the folder, the version and its library.
fn program(name: &str, packages: &[(&str, &str, &str)], main: &str) -> Project {
    let project = Project::new(name);
    let mut dependencies = String::new();
    for (folder, version, library) in packages {
        // Two folders may hold two versions of one package.
        let package = format!("{name}_{}", folder.trim_end_matches(['1', '2']));
        let text = manifest(&package, "2024", "").replace("[workspace]\n", "");
        let text = text.replace("version = \"0.1.0\"", &format!("version = \"{version}\""));
        project
            .file(&format!("{folder}/Cargo.toml"), &text)
            .file(&format!("{folder}/src/lib.rs"), library);
        dependencies += &format!("{folder} = {{ path = \"{folder}\", package = \"{package}\" }}\n");
    }
    let folders: Vec<&str> = packages.iter().map(|(folder, ..)| *folder).collect();
    let text = manifest(name, "2024", &dependencies).replace(
        "[workspace]",
        &format!("[workspace]\nexclude = {folders:?}"),
    );
    project.manifest(&text).file("src/main.rs", main);
    project
}

const COUNT: &str = "cgo::c_preamble! { pub mod C;\n#include \"k.h\"\n\
    static int k(void) { return K; } static int n; static int count(void) { return ++n; } }\n";

#[test]
fn two_versions_of_one_crate_are_two_units() {
    let versions = [("old1", "1.0.0", COUNT), ("old2", "2.0.0", COUNT)];
    let project = program(
        "versions",
        &versions,
        "fn main() { unsafe { println!(\"{} {} {} {}\", old1::C::k(), old2::C::k(), old1::C::count(), old2::C::count()) } }",
    );
    project
        .file("old1/src/k.h", "#define K 1\n")
        .file("old2/src/k.h", "#define K 2\n");
    assert_eq!(project.cargo("run -q"), "1 2 1 1\n");
    assert_eq!(project.cargo("run -q --release"), "1 2 1 1\n");
}

#[test]
fn a_header_of_exports_is_its_crates() {
    let library = |number: u8| {
        format!(
            "cgo::c_preamble! {{ pub mod C;\n#include \"_cgo_export.h\"\n static int ask(void) {{ return sizeof(struct shape); }} }}\n\
             #[cgo::export_c] #[repr(C)] pub struct shape {{ bytes: [u8; {number}] }}\n"
        )
    };
    let (one, two) = (library(1), library(2));
    let project = program(
        "headers",
        &[("one", "0.1.0", &one), ("two", "0.1.0", &two)],
        "fn main() { unsafe { println!(\"{} {}\", one::C::ask(), two::C::ask()) } }",
    );
    assert_eq!(project.cargo("run -q"), "1 2\n");
}

#[test]
fn what_is_not_static_is_one_for_the_program() {
    let definition = "cgo::c_preamble! { pub mod C; int shared = 1; static int next(void) { return ++shared; } }\n";
    let declaration = "cgo::c_preamble! { pub mod C; extern int shared; static int next(void) { return ++shared; } }\n";
    let main = "fn main() { unsafe { println!(\"{} {}\", one::C::next(), two::C::next()) } }";
    let project = program(
        "shared",
        &[("one", "0.1.0", definition), ("two", "0.1.0", declaration)],
        main,
    );
    assert_eq!(project.cargo("run -q"), "2 3\n");
    // Two definitions clash, as those of two C files do.
    project.file("two/src/lib.rs", definition);
    assert!(project.cargo_fails("build").contains("shared"));
    // Also where the linker needs nothing else of the second one.
    project.file(
        "src/main.rs",
        "mod a { cgo::c_preamble! { int both(void) { return 1; } } }\nmod b { cgo::c_preamble! { int both(void) { return 2; } } }\n\
         fn main() { unsafe { println!(\"{} {}\", a::C::both(), b::C::both()) } }",
    );
    assert!(project.cargo_fails("build").contains("both"));
    project
        .file(
            "one/src/lib.rs",
            "cgo::c_preamble! { pub mod C; int number = 1; }\n",
        )
        .file(
            "two/src/lib.rs",
            "cgo::c_preamble! { pub mod C; int number = 2; }\n",
        )
        .file(
            "src/main.rs",
            "fn main() { unsafe { println!(\"{} {}\", one::C::number, two::C::number) } }",
        );
    assert!(project.cargo_fails("build").contains("number"));
}

const CONSTRUCTOR: &str = "cgo::c_preamble! {\n#include <stdio.h>\n\
    static void __attribute__((constructor)) start(void) { puts(\"constructed\"); fflush(stdout); } }\n";

/// As Go programs do that must act before the runtime starts its threads.
#[test]
fn a_constructor_runs_that_nothing_refers_to() {
    let project = Project::new("constructor");
    project.file("src/main.rs", &format!("{CONSTRUCTOR}fn main() {{}}"));
    assert_eq!(project.cargo("run -q"), "constructed\n");
    assert_eq!(project.cargo("run -q --release"), "constructed\n");
}

#[test]
fn a_constructor_of_a_library_crate_runs() {
    let library = format!("{CONSTRUCTOR}pub fn used() {{}}");
    let project = program(
        "constructors",
        &[("library", "0.1.0", &library)],
        "fn main() { library::used() }\n#[test] fn test() { library::used() }",
    );
    assert_eq!(project.cargo("run -q"), "constructed\n");
    assert!(project.cargo("test -q").starts_with("constructed\n"));
}

#[test]
fn a_constructor_of_a_source_file_runs() {
    let project = Project::new("source");
    project
        .file("src/main.rs", "cgo::c_preamble! {\n#cgo SOURCES: start.c unused.c\n}\nfn main() {}")
        .file("src/unused.c", "int unused(void) { return 1; }\n")
        .file("src/start.c", "#include <stdio.h>\nstatic void __attribute__((constructor)) start(void) { puts(\"constructed\"); }\n");
    assert_eq!(project.cargo("run -q"), "constructed\n");
}

/// A strong definition in any file that C links decides, and a weak mention finds one. A linker takes neither from an archive for it.
#[test]
fn a_weak_definition_gives_way_to_another_files() {
    let project = Project::new("ways");
    project
        .file(
            "src/main.rs",
            "cgo::c_preamble! {\n#cgo CFLAGS: -fcommon\n#cgo SOURCES: weak.c strong.c\n\
             int __attribute__((weak)) mine(void) { return 1; }\n\
             extern int absent(void) __attribute__((weak));\n\
             int theirs(void);\nint ask(void);\n\
             static int is_absent(void) { return !absent; }\n}\n\
             fn main() { println!(\"{:?}\", unsafe { (C::mine(), C::theirs(), C::ask(), C::is_absent()) }) }\n",
        )
        .file("src/weak.c", "int tentative;\nint __attribute__((weak)) theirs(void) { return 3; }\nint ask(void) { return 2 * theirs() + tentative; }\n")
        .file("src/strong.c", "int tentative = 5;\nint mine(void) { return 2; }\nint theirs(void) { return 4; }\nint absent(void) { return 0; }\n");
    assert_eq!(project.cargo("run -q"), "(2, 4, 13, 0)\n");
    // Where nothing defines it for good, the weak one stays.
    project.file("src/strong.c", "int absent(void) { return 0; }\n");
    assert_eq!(project.cargo("run -q --release"), "(1, 3, 6, 0)\n");
}

/// What `-fcommon`, and compilers before gcc 10, leave to the linker. GNU's linkers know of it from the index of the archive.
#[test]
fn a_tentative_definition_is_one() {
    let project = Project::new("tentative");
    project
        .file(
            "src/main.rs",
            "cgo::c_preamble! {\n#cgo CFLAGS: -fcommon\n#cgo SOURCES: more.c\nint mine;\nextern int theirs;\n}\n\
             fn main() { unsafe { C::mine = 1; C::theirs += 2; println!(\"{}\", C::mine + C::theirs) } }\n",
        )
        .file("src/more.c", "int theirs;\n");
    assert_eq!(project.cargo("run -q"), "3\n");
    if installed("ld.bfd") {
        let link = "fn main() { println!(\"cargo::rustc-link-arg=-fuse-ld=bfd\") }\n";
        project.file("build.rs", link);
        assert_eq!(project.cargo("run -q"), "3\n");
    }
}

#[test]
fn a_constructor_of_a_cdylib_runs() {
    let project = Project::new("plugin");
    project
        .manifest(&manifest("plugin", "2024", "[lib]\ncrate-type = [\"cdylib\"]\n"))
        .file("src/lib.rs", CONSTRUCTOR)
        .file("main.c", "#include <dlfcn.h>\nint main(int c, char **v) { return dlopen(v[1], RTLD_NOW) == 0; }\n");
    project.cargo("build");
    let program = project.path("program");
    run(Command::new(c_compiler())
        .arg(project.path("main.c"))
        .args(["-ldl", "-o"])
        .arg(&program));
    let library = project.target().join("debug/libplugin.so");
    assert_eq!(run(Command::new(&program).arg(library)), "constructed\n");
}

/// rustc hands on from a `dylib` what an inlined function uses only where the function's block names the library.
#[test]
fn a_dylib_hands_on_what_its_inlined_functions_use() {
    let library = "cgo::c_preamble! { pub mod C;\n#include <stdlib.h>\n#cgo SOURCES: more.c\nint more(int a);\n\
         static int one(void) { return 1; }\nint two(void) { return 2; }\n#define THREE (one() + two())\n\
         static long double four(void) { return 4; } }\n\
         #[inline(always)] pub fn all() -> (i32, i32, i32, f64, i32, i32) { unsafe { (C::one(), C::two(), C::THREE(), C::four(), C::more(4), C::abs(-6)) } }\n";
    let project = program(
        "dynamic",
        &[(
            "library",
            "0.1.0\"\n[lib]\ncrate-type = [\"dylib\"]\n#",
            library,
        )],
        "fn main() { println!(\"{:?}\", library::all()) }",
    );
    project.file("library/src/more.c", "int more(int a) { return a + 1; }\n");
    assert_eq!(project.cargo("run -q"), "(1, 2, 3, 4.0, 5, 6)\n");
}
