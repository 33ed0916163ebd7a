//! Every run of the compiler reads one and the same text, whatever the flags are that choose it.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use support::{Project, c_compiler, run, said};

/// What the text sees of optimization.
mod optimized {
    cgo::c_preamble! {
        #cgo CFLAGS: -O2
        #ifdef __OPTIMIZE__
        struct chosen { long a, b, c; };
        static int only_if_optimized(void) { return 1; }
        #else
        struct chosen { char a; };
        #endif
        #ifdef __NO_INLINE__
        enum { INLINES = 0 };
        #else
        enum { INLINES = 1 };
        #endif
        static int size(void) { return sizeof(struct chosen); }
        // Without optimization this is no constant to the compiler.
        int by_three(void);
        int by_three(void) { int by = 3; __asm__("" : : "i"(by)); return 1 << by; }
    }

    #[test]
    fn is_what_c_has() {
        unsafe {
            assert_eq!(size_of::<C::struct_chosen>(), C::size() as usize);
            assert_eq!(
                (C::only_if_optimized(), C::INLINES, C::by_three()),
                (1, 1, 8)
            );
        }
    }
}

mod small {
    cgo::c_preamble! {
        #cgo CFLAGS: -Os
        #ifdef __OPTIMIZE_SIZE__
        struct chosen { long a, b, c; };
        #else
        struct chosen { char a; };
        #endif
        static int size(void) { return sizeof(struct chosen); }
    }

    #[test]
    fn is_what_c_has() {
        assert_eq!(size_of::<C::struct_chosen>(), unsafe { C::size() } as usize);
    }
}

/// The headers of C's library define some functions in place where the compiler optimizes, and check others. Those of mingw make
/// `snprintf` a function that C itself can only inline.
#[cfg(not(windows))]
mod headers {
    cgo::c_preamble! {
        #cgo CFLAGS: -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
        #include <ctype.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
    }

    #[test]
    fn are_as_without() {
        let mut text = [0; 16];
        unsafe {
            assert_eq!((C::atoi(c"42".as_ptr()), C::tolower(65)), (42, 97));
            let to = text.as_mut_ptr();
            assert_eq!(C::snprintf(to, 16, c"%d-%s".as_ptr(), 7, c"x".as_ptr()), 3);
            assert_eq!(C::strcmp(C::strcat(to, c"y".as_ptr()), c"7-xy".as_ptr()), 0);
            assert_eq!(C::memcpy(to.cast(), c"ab".as_ptr().cast(), 3), to.cast());
            assert_ne!(C::getchar as *const (), C::putchar as *const ());
            assert_eq!(C::read(-1, to.cast(), 1), -1);
        }
    }
}

/// Checked expressions are constants all the same.
mod checked {
    cgo::c_preamble! {
        #cgo CFLAGS: -fsanitize=undefined -fsanitize-undefined-trap-on-error
        #define HIGH (1 << 30)
        #define QUOTIENT (7 / 2)
        static int twice(int a) { return 2 * a; }
    }

    #[test]
    fn constants() {
        const _: () = assert!(C::HIGH == 1 << 30 && C::QUOTIENT == 3);
        assert_eq!(unsafe { C::twice(2) }, 4);
    }
}

const OF_A_PROFILE: &str = r#"
cgo::c_preamble! {
    #ifdef __OPTIMIZE__
    struct chosen { long a, b, c; };
    static int only_optimized(void) { return 1; }
    #else
    struct chosen { char a; };
    static int only_plain(void) { return 1; }
    #endif
    static int size(void) { return sizeof(struct chosen); }
}
fn main() {
    unsafe {
        #[cfg(debug_assertions)]
        C::only_plain();
        #[cfg(not(debug_assertions))]
        C::only_optimized();
        println!("{}", C::size() as usize == size_of::<C::struct_chosen>());
    }
}
"#;

#[test]
fn each_profile_has_its_own() {
    let project = Project::new("profiles");
    project.file("src/main.rs", OF_A_PROFILE);
    for (profile, function) in [("", "only_plain"), ("--release", "only_optimized")] {
        assert_eq!(project.cargo(&format!("run -q {profile}")), "true\n");
        project.cargo(&format!("check {profile}"));
        project.cargo(&format!("doc {profile} --no-deps --document-private-items"));
        let page = format!("doc/profiles/C/fn.{function}.html");
        assert!(project.target().join(&page).is_file(), "{page}");
    }
}

const PLAIN: &str = "cgo::c_preamble! {\n    #cgo SOURCES: more.c\n    int more(void);\n    static int one(void) { return 1; }\n}\n\
                     fn main() { println!(\"{}\", unsafe { C::one() + C::more() }); }\n";

fn files(folder: &std::path::Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    names.collect()
}

/// Some build systems hand them to everyone.
#[test]
fn flags_of_the_environment_that_say_what_a_run_makes_are_taken_out() {
    let flags = "-O1 -MMD -MF deps.d -o other.o -E -S -fsyntax-only -save-temps -fdump-tree-gimple -C -P -dM -gsplit-dwarf \
                 -ftime-trace -Wp,-MD,more.d -fstack-usage -v";
    let is_clang = run(Command::new(c_compiler()).arg("--version")).contains("clang");
    let of_gcc = if is_clang {
        ""
    } else {
        " -femit-struct-debug-baseonly"
    };
    let flags = &format!("{flags}{of_gcc}");
    let project = Project::new("taken_out").with_variable("CFLAGS", flags);
    let project = project.with_variable("CC_PRINT_OPTIONS", "1");
    project.file("src/main.rs", PLAIN);
    project.file("src/more.c", "int more(void) { return 1; }\n");
    let before = (files(&project.path("")), files(&project.path("src")));
    assert_eq!(project.cargo("run -q"), "2\n");
    let mut after = (files(&project.path("")), files(&project.path("src")));
    after
        .0
        .retain(|name| !["target", "Cargo.lock"].contains(&name.as_str()));
    assert_eq!(after, before);
}

#[test]
fn flags_of_the_environment_that_mean_another_compiler_are_rejected() {
    let mut project = Project::new("rejected").with_own_target();
    project.file("src/main.rs", PLAIN);
    project.file("src/more.c", "int more(void) { return 1; }\n");
    for flag in [
        "-wrapper env",
        "--version",
        "-###",
        "-undef",
        "-x c++",
        "-emit-llvm",
    ] {
        project = project.with_variable("CFLAGS", flag);
        let output = project.command("check").output().unwrap();
        let said = said(&output);
        assert!(
            !output.status.success() && said.contains(&format!("`{flag}` is among")),
            "{flag}: {said}"
        );
    }
}

/// Also where the headers of the other machine are missing, which is then not what is wrong.
#[test]
fn code_for_another_machine_is_rejected_by_its_flag() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let project = Project::new("another_machine");
    for (flag, c) in [
        ("-m32", ""),
        ("-mx32", ""),
        ("-m32", "#include <stdio.h>\n"),
    ] {
        let call = format!(
            "cgo::c_preamble! {{\n#cgo CFLAGS: {flag}\n{c}static int one(void) {{ return 1; }}\n}}\nfn main() {{}}\n"
        );
        project.file("src/main.rs", &call);
        let said = project.cargo_fails("check");
        assert!(
            said.contains(&format!("another machine with `{flag}`")),
            "{said}"
        );
    }
}

/// As its linker would say later, without the place.
#[test]
fn a_source_for_another_machine_is_rejected_by_its_flag() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let project = Project::new("another_source");
    project
        .file("src/one.cc", "extern \"C\" int one(void) { return 1; }\n")
        .file("src/one.S", ".globl one\none: ret\n");
    for (verb, file) in [("CXXFLAGS", "one.cc"), ("ASFLAGS", "one.S")] {
        let call = format!(
            "cgo::c_preamble! {{\n#cgo {verb}: -m32\n#cgo SOURCES: {file}\nint one(void);\n}}\nfn main() {{ unsafe {{ C::one() }}; }}\n"
        );
        project.file("src/main.rs", &call);
        let said = project.cargo_fails("build");
        assert!(said.contains("another machine with `-m32`"), "{said}");
        assert!(said.contains("--> src/main.rs:3:1"), "{said}");
    }
}

/// gcc says so itself, and clang calls functions that take the numbers from other registers.
#[test]
fn computing_without_the_registers_for_it_is_rejected() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let project = Project::new("without_registers");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n#cgo CFLAGS: -mgeneral-regs-only\nstatic double half(double a) { return a / 2; }\n}\n\
         fn main() { println!(\"{}\", unsafe { C::half(3.0) }); }\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("SSE register") || said.contains("`__divdf3`"),
        "{said}"
    );
}

/// Layouts are compared where the library is compiled: a program in CC can tell the runs apart.
#[test]
#[cfg(unix)]
fn a_library_with_another_layout_is_rejected() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new("apart");
    let script =
        "#!/bin/sh\ncase \"$*\" in *-gdwarf-5*|*' -E '*) ;; *) set -- -DAPART \"$@\";; esac\nexec ";
    project.file("cc", &format!("{script}{} \"$@\"\n", c_compiler()));
    let cc = project.path("cc");
    fs::set_permissions(&cc, fs::Permissions::from_mode(0o755)).unwrap();
    let project = project.with_variable("CC", cc.to_str().unwrap());
    let build = |member: &str| {
        let c = format!(
            "#ifdef APART\ntypedef struct {{ {member} int more, n; }} *list;\n#else\ntypedef struct {{ int more, n; {member} }} *list;\n#endif\n"
        );
        let tagged = c
            .replace("typedef struct {", "struct s {")
            .replace("} *list;", "};");
        project.file("src/main.rs", &format!("cgo::c_preamble!(r#\"\n{tagged}static int get(struct s *s) {{ return s->n; }}\n\"#);\nfn main() {{}}\n"));
        let output = project.command("build").output().unwrap();
        (output.status.success(), said(&output))
    };
    assert!(build("").0);
    // Of the same size.
    let (built, said) = build("int moved;");
    assert!(
        !built && said.contains("`struct s` has different layouts in two runs of the compiler"),
        "{said}"
    );
    assert!(build("").0);
}

/// What has no name, or another one, or is a macro, is nothing that C can be asked for.
mod asked_in_every_dialect {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c89 -pedantic-errors -Werror
        struct plain { int a; struct plain *next; };
        typedef struct { char c; struct { short s; } inner; union { int i; char d; } both; } untagged;
        struct bits { unsigned a : 3; unsigned : 0; unsigned b : 5; char rest; };
        struct hidden { int first, second; };
        #define hidden other
        #define second third
        struct incomplete;
        static int in_function(void) { struct plain { char c[3]; } p; return (int)sizeof p; }
        static int sum(untagged *u, struct bits *b, struct incomplete *i) { return u->c + (int)b->a + (i == 0); }
    }

    #[test]
    fn silently() {
        let (mut u, mut b) = (C::untagged::default(), C::struct_bits::default());
        u.c = 2;
        b.set_a(3);
        unsafe {
            assert_eq!(C::sum(&mut u, &mut b, std::ptr::null_mut()), 6);
            assert_eq!(C::in_function(), 3);
        }
        assert_eq!(size_of::<C::struct_plain>(), 2 * size_of::<usize>());
    }
}

/// rustc does not know which library the C compiler's own flags need.
#[test]
fn a_library_for_instrumented_code_is_named() {
    let project = Project::new("coverage");
    let program = |more: &str| {
        format!(
            "cgo::c_preamble! {{\n    #cgo CFLAGS: --coverage\n    {more}\n    static int f(int n) {{ return n + 1; }}\n}}\nfn main() {{ println!(\"{{}}\", unsafe {{ C::f(1) }}); }}\n"
        )
    };
    project.file("src/main.rs", &program(""));
    let output = project.command("build -q").output().unwrap();
    let said = support::said(&output);
    assert!(
        said.contains("is compiled with `--coverage`") && said.contains("help: "),
        "{said}"
    );
    if !c_compiler().contains("clang") {
        project.file("src/main.rs", &program("#cgo LDFLAGS: -lgcov"));
        assert_eq!(project.cargo("run -q"), "2\n");
    }
}

/// In the arguments of a macro whose use takes several lines. gcc gives other lines with a flag for shorter messages.
#[test]
fn line_numbers_are_those_of_the_compilers_own_build() {
    let project = Project::new("lines");
    let header = "#define SAME(x) x\nenum { CONSTANT = SAME(\n\n__LINE__\n) };\n\
                  static int in_code(void) { return SAME(\n__LINE__\n); }\n\
                  #ifdef WARNS\nstatic int nobodys;\n#endif\n";
    project.file("src/lines.h", header);
    let c = "#include \"lines.h\"\n#include <stdio.h>\nint main(void) { printf(\"%d %d\\n\", CONSTANT, in_code()); }\n";
    project.file("lines.c", c);
    let program = project.path("lines");
    run(Command::new(c_compiler())
        .args(["-Isrc", "lines.c", "-o"])
        .arg(&program)
        .current_dir(project.path(".")));
    let expected = run(&mut Command::new(program));
    // The compiler runs twice for what it warns of.
    for warns in ["", "#define WARNS\n"] {
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n{warns}#include \"lines.h\"\n}}\n\
                 fn main() {{ println!(\"{{}} {{}}\", C::CONSTANT, unsafe {{ C::in_code() }}); }}\n"
            ),
        );
        assert_eq!(project.cargo("run -q"), expected, "{warns}");
    }
}

/// Only checked: the sanitizer's own library would have to be linked.
#[test]
fn a_sanitizer_is_seen() {
    let project = Project::new("sanitized");
    let call = "cgo::c_preamble! {
        #cgo CFLAGS: -fsanitize=address
        #ifndef __has_feature
        #define __has_feature(x) 0
        #endif
        #if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
        struct chosen { char a[3]; };
        #else
        struct chosen { char a; };
        #endif
        #define NUMBER (1 << 4)
        #define TEXT \"text\"
        #define REAL 2.5
    }
    const _: () = assert!(size_of::<C::struct_chosen>() == 3 && C::NUMBER == 16 && C::REAL == 2.5);
    const _: () = assert!(C::TEXT.count_bytes() == 4);
    fn main() {}\n";
    project.file("src/main.rs", call);
    project.cargo("check");
}
