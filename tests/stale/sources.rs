//! Files of `SOURCES` and of the assembler, and what they read.

use std::process::Command;

use crate::support::{Project, c_compiler, run};

#[test]
fn sources() {
    let project = Project::new("stale_sources");
    let main = "cgo::c_preamble! {\n#cgo CFLAGS: -I${SRCDIR}/../first -I${SRCDIR}/../second\n#cgo SOURCES: more.c\nint more(void);\n}\n\
                fn main() { println!(\"{}\", unsafe { C::more() }); }\n";
    let runs = |expected: i32| assert_eq!(project.cargo("run -q"), format!("{expected}\n"));
    let touch = |edit: i32| {
        project.file("src/main.rs", &format!("{main}// {edit}\n"));
    };
    project
        .file("src/more.c", "#include <w.h>\n#if __has_include(<opt/w.h>)\n#include <opt/w.h>\n#endif\nint more(void) { return W; }\n")
        .file("second/w.h", "#define W 1\n");
    touch(1);
    runs(1);
    project.file("second/w.h", "#define W 2\n");
    runs(2);
    project.file("first/w.h", "#define W 3\n");
    touch(3);
    runs(3);
    project.file("second/opt/w.h", "#undef W\n#define W 4\n");
    touch(4);
    runs(4);
}

/// A file that a flag names is no header, of which the compiler would tell.
#[test]
fn a_file_that_a_flag_of_sources_names() {
    let project = Project::new("stale_named");
    let (flag, define): (&str, fn(u32) -> String) =
        match run(Command::new(c_compiler()).arg("--version")).contains("clang") {
            true => ("--config ", |n| format!("-DN={n}\n")),
            false => ("-specs=", |n| format!("*cpp:\n+ -DN={n}\n\n")),
        };
    project.file(
        "src/main.rs",
        &format!(
            "cgo::c_preamble! {{\n#cgo CFLAGS: {flag}${{SRCDIR}}/../options\n#cgo SOURCES: more.c\nint more(void);\nstatic int f(void) {{ return N; }}\n}}\n\
             fn main() {{ println!(\"{{:?}}\", unsafe {{ [C::f(), C::more()] }}); }}\n"
        ),
    );
    project.file("src/more.c", "int more(void) { return N; }\n");
    for value in [1, 2] {
        project.file("options", &define(value));
        assert_eq!(project.cargo("run -q"), format!("[{value}, {value}]\n"));
    }
}

/// Each language has folders of its own, and Fortran no preprocessor that tells of them.
#[test]
fn headers_of_other_languages() {
    let project = Project::new("stale_languages");
    let fortran = Command::new("gfortran").arg("--version").output().is_ok();
    let (sources, flags) = match fortran {
        true => ("x.cc f.f90 g.F90", "FFLAGS: -I../first -I../second"),
        false => ("x.cc", "CXXFLAGS: -DFORTRAN"),
    };
    let main = format!(
        "cgo::c_preamble! {{\n#cgo CXXFLAGS: -I../first -I../second\n#cgo {flags}\n#cgo SOURCES: {sources}\n\
         int x(void); int f(void); int g(void); }}\n\
         fn main() {{ println!(\"{{:?}}\", unsafe {{ [C::x(), {}] }}) }}\n",
        if fortran {
            "C::f(), C::g()"
        } else {
            "C::x(), C::x()"
        }
    );
    let function = |name: &str, line: &str, value: &str| {
        format!(
            "{line}\nfunction {name}() bind(c)\n  use iso_c_binding\n  include 'outer.inc'\n  integer(c_int) :: {name}\n  {name} = {value}\nend function\n"
        )
    };
    project
        .file(
            "src/x.cc",
            "#include <w.h>\nextern \"C\" int x(void) { return w; }\n",
        )
        .file("src/f.f90", &function("f", "", "v"))
        .file("src/g.F90", &function("g", "#include <w.h>", "w"))
        .file("second/outer.inc", "include \"w.inc\"\n");
    let write = |folder: &str, value: u32| {
        project
            .file(&format!("{folder}/w.h"), &format!("#define w {value}\n"))
            .file(
                &format!("{folder}/w.inc"),
                &format!("integer, parameter :: v = {value}\n"),
            );
    };
    let runs =
        |expected: u32| assert_eq!(project.cargo("run -q"), format!("{:?}\n", [expected; 3]));
    let touch = |edit: u32| {
        project.file("src/main.rs", &format!("{main}// {edit}\n"));
    };
    touch(1);
    write("second", 1);
    runs(1);
    write("second", 2);
    runs(2);
    // Cargo does not see what comes first from now on.
    write("first", 3);
    touch(3);
    runs(3);
    write("first", 4);
    runs(4);
}

#[test]
fn data_that_the_assembler_takes() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let project = Project::new("stale_data");
    project.file("src/data.bin", "\u{1}").file(
        "src/main.rs",
        "cgo::c_preamble! { r#\"\n__asm__(\".data\\n.globl data\\ndata: .incbin \\\"data.bin\\\"\\n.text\\n\");\nextern char data;\n\
         static int f(void) { return data; }\n\"# }\nfn main() { println!(\"{}\", unsafe { C::f() }); }",
    );
    assert_eq!(project.cargo("run -q"), "1\n");
    project.file("src/data.bin", "\u{2}");
    assert_eq!(project.cargo("run -q"), "2\n");
}

/// No preprocessor tells of what the assembler reads: a file of its own, and what that one and the C have it take in, in the folders of
/// headers too.
#[test]
fn files_of_the_assembler() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let project = Project::new("stale_assembler");
    let main = "cgo::c_preamble! { r#\"\n#cgo CFLAGS: -I${SRCDIR}/../first -I${SRCDIR}/../second -Wa,-I,${SRCDIR}/../third\n#cgo SOURCES: more.s\n\
         #define TAKE(name, file) __asm__(\".data\\n.globl \" #name \"\\n\" #name \": .incbin \\\"\" file \"\\\"\\n.text\\n\");\n\
         TAKE(data, \"data.bin\")\nextern char data;\n__asm__(\".include \\\"taken.s\\\"\");\nextern char taken;\nint more(void);\n\
         static int f(void) { return 100 * data + 10 * taken + more(); }\n\"# }\nfn main() { println!(\"{}\", unsafe { C::f() }); }\n";
    let runs = |expected: u32| {
        // Cargo does not see what comes first from now on, nor what only macros name.
        project.file("src/main.rs", &format!("{main}// Edited for {expected}.\n"));
        assert_eq!(project.cargo("run -q"), format!("{expected}\n"));
    };
    let more = |line: &str| {
        let code =
            format!(".globl more\nmore: {line}\nret\n.section .note.GNU-stack,\"\",@progbits\n");
        project.file("src/more.s", &code);
    };
    let taken = |file: &str, value: u32| {
        project.file(
            file,
            &format!(".data\n.globl taken\ntaken: .byte {value}\n.text\n"),
        );
    };
    more("mov $1, %eax");
    taken("second/taken.s", 1);
    project.file("src/data.bin", "\u{1}");
    runs(111);
    project.file("src/data.bin", "\u{2}");
    runs(211);
    taken("second/taken.s", 3);
    runs(231);
    taken("first/taken.s", 4);
    runs(241);
    more("mov $5, %eax");
    runs(245);
    project.file("third/deep.s", "mov $6, %eax\n");
    more(".include \"deep.s\"");
    runs(246);
    project.file("third/deep.s", "mov $7, %eax\n");
    runs(247);
    // What its own text names, Cargo sees too.
    more("mov $8, %eax");
    assert_eq!(project.cargo("run -q"), "248\n");
}
