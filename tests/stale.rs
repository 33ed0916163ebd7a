//! What a kept module depends on. Each test changes one kind of input and wants the new module wherever C is asked for: from a build, a
//! check, a test and the documentation. Where Cargo itself cannot see the change, the crate is compiled for another reason.

#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use support::{Project, c_compiler, installed, manifest, run, said};

/// A crate whose constant `NUMBER` and function `f` say what the C says.
struct Asked {
    project: Project,
    name: &'static str,
    preamble: String,
}

impl Asked {
    /// `preamble` defines the macro `V`.
    fn new(project: Project, name: &'static str, preamble: &str) -> Asked {
        project.file(
            "src/main.rs",
            &format!("fn main() {{ println!(\"{{}}\", {name}::f()); }}"),
        );
        let preamble =
            format!("{preamble}\nenum {{ NUMBER = V }};\nstatic int f(void) {{ return V; }}\n");
        Asked {
            project,
            name,
            preamble,
        }
    }

    /// The crate is compiled anew, and says `value`.
    fn says(&self, value: i32) {
        let preamble = &self.preamble;
        self.file(
            "src/lib.rs",
            &format!(
                "cgo::c_preamble! {{ pub mod C;\n{preamble}}}\npub fn f() -> i32 {{ unsafe {{ C::f() }} }}\n\
                 #[test] fn t() {{ println!(\"f is {{}}\", f()); }}\n// Edited for {value}.\n"
            ),
        );
        self.still_says(value);
    }

    /// It says `value`, to a check, a build, a test and in the documentation, and Cargo sees for itself that it must be compiled.
    fn still_says(&self, value: i32) {
        let Asked { project, name, .. } = self;
        self.file(
            "examples/check.rs",
            &format!("const _: () = assert!({name}::C::NUMBER as i32 == {value});\nfn main() {{}}"),
        );
        project.cargo("check --example check");
        assert_eq!(project.cargo("run -q"), format!("{value}\n"));
        let tested = run(project
            .command("test --lib")
            .env("RUST_TEST_NOCAPTURE", "1"));
        assert!(tested.contains(&format!("f is {value}\n")), "{tested}");
        project.cargo("doc --no-deps --lib");
        let page = format!("doc/{name}/C/constant.NUMBER.html");
        let page = fs::read_to_string(project.target().join(page)).unwrap();
        assert!(page.contains(&format!("= {value}")), "not {value}: {page}");
    }

    fn file(&self, path: &str, text: &str) -> &Asked {
        self.project.file(path, text);
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path(path)
    }
}

/// An executable script.
fn script(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let new = file.with_extension("new");
    fs::write(&new, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(new, file).unwrap();
}

#[test]
fn headers() {
    let asked = Asked::new(
        Project::new("stale_headers"),
        "stale_headers",
        "#cgo CFLAGS: -I${SRCDIR}/../first -I${SRCDIR}/../second -imacros ${SRCDIR}/../flags.h\n#include <v.h>\n\
         #ifdef MORE\n#undef V\n#define V MORE\n#endif\n\
         #if __has_include(\"opt.h\")\n#include \"opt.h\"\n#endif",
    );
    asked
        .file("flags.h", "\n")
        .file("second/v.h", "#define V 1\n")
        .says(1);
    // Read before.
    asked.file("second/v.h", "#define V 2\n").still_says(2);
    // A folder is no header.
    asked.file("first/v.h/other", "").says(2);
    fs::remove_dir_all(asked.path("first")).unwrap();
    // A header that comes first from now on, in a folder that was not there.
    asked.file("first/v.h", "#define V 3\n").says(3);
    // Asked for and not there.
    asked.file("src/opt.h", "#undef V\n#define V 4\n").says(4);
    fs::remove_file(asked.path("src/opt.h")).unwrap();
    asked.says(3);
    fs::remove_dir_all(asked.path("first")).unwrap();
    asked.says(2);
    // A file of which the preprocessed text says nothing.
    asked.file("flags.h", "#define MORE 5\n").still_says(5);
    asked.file("flags.h", "\n").still_says(2);
    // Another file of the same length and time.
    let old = asked.path("second/v.h");
    let time = fs::metadata(&old).unwrap().modified().unwrap();
    let new = asked.path("second/new.h");
    fs::write(&new, "#define V 6\n").unwrap();
    fs::File::options()
        .append(true)
        .open(&new)
        .unwrap()
        .set_modified(time)
        .unwrap();
    fs::rename(new, old).unwrap();
    asked.says(6);
}

/// In its line markers clang writes such letters as numbers.
#[test]
fn headers_in_a_folder_whose_name_is_not_ascii() {
    let asked = Asked::new(
        Project::in_folder("stale_letters", "Größe \\ \"2\""),
        "stale_letters",
        "#include \"ä/v.h\"",
    );
    asked.file("src/ä/v.h", "#define V 1\n").says(1);
    asked.file("src/ä/v.h", "#define V 2\n").still_says(2);
}

/// A package of another version, and no line that asks for its flags.
#[test]
fn a_package_that_a_condition_asks_for() {
    if !installed("pkg-config") {
        return;
    }
    let project = Project::new("stale_condition").with_own_target();
    let packages = project.path("packages").display().to_string();
    let project = project.with_variable("PKG_CONFIG_PATH", &packages);
    let asked = Asked::new(
        project,
        "stale_condition",
        "#cgo package(stale_condition >= 2) CFLAGS: -DV=2\n#cgo !package(stale_condition >= 2) CFLAGS: -DV=1",
    );
    let version = |version: u32| {
        let text = format!("Name: p\nDescription: p\nVersion: {version}\n");
        asked.file("packages/stale_condition.pc", &text);
    };
    version(1);
    asked.says(1);
    version(3);
    asked.still_says(2);
    version(1);
    asked.still_says(1);
}

/// pkg-config says which files it reads, but not in a way that tells where a path with a blank starts.
#[test]
fn packages_in_a_folder_with_a_blank_and_by_a_relative_path() {
    if !installed("pkg-config") {
        return;
    }
    let project = Project::new("stale_blank").with_own_target();
    let folders = format!("near:{}", project.path("far away").display());
    let project = project.with_variable("PKG_CONFIG_PATH", &folders);
    let asked = Asked::new(
        project,
        "stale_blank",
        "#cgo pkg-config: near far\n#define V (10 * NEAR + FAR)",
    );
    let package = |file: &str, more: &str| {
        asked.file(
            file,
            &format!("Name: p\nDescription: p\nVersion: 1\n{more}\n"),
        );
    };
    package("near/near.pc", "Cflags: -DNEAR=1");
    package("far away/far.pc", "Requires: behind");
    package("far away/behind.pc", "Cflags: -DFAR=1");
    asked.says(11);
    package("near/near.pc", "Cflags: -DNEAR=2");
    asked.still_says(21);
    package("far away/behind.pc", "Cflags: -DFAR=3");
    asked.still_says(23);
    package("near/far.pc", "Cflags: -DFAR=4");
    asked.says(24);
}

/// The word may have been another one before.
#[test]
fn a_word_that_becomes_a_name_of_the_module() {
    let project = Project::new("stale_word");
    let says = |uses: &str, value: &str| {
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n    #cgo strip: zip_\n    #include <time.h>\n    struct point {{ int x; }}; struct zip_file {{ int size; }};\n}}\n\
                 fn main() {{ let (tm, point, file) = (1, 1, 1); println!(\"{{}}\", tm + point + file + {uses}); }}\n"
            ),
        );
        assert_eq!(project.cargo("run -q"), value, "{uses}");
    };
    says("0", "3\n");
    says("C::tm::default().tm_year", "3\n");
    says("C::point { x: 4 }.x", "7\n");
    says("C::file { size: 5 }.size", "8\n");
    says("0", "3\n");
}

/// What `__has_include` asks for by a macro's name is not known, and what was read is.
#[test]
fn a_header_that_a_macro_names() {
    let asked = Asked::new(
        Project::new("stale_macro"),
        "stale_macro",
        "#define OPT \"opt.h\"\n#if __has_include(OPT)\n#include OPT\n#else\n#define V 1\n#endif",
    );
    asked.says(1);
    asked.file("src/opt.h", "#define V 2\n").says(2);
    asked.file("src/opt.h", "#define V 3\n").still_says(3);
    fs::remove_file(asked.path("src/opt.h")).unwrap();
    asked.still_says(1);
}

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

/// The compiler of each language has a program of its own, which may come after the first build.
#[test]
fn the_programs_behind_gcc() {
    let program = |name: &str| {
        let asked = format!("-print-prog-name={name}");
        run(Command::new(c_compiler()).arg(asked))
            .trim()
            .to_string()
    };
    let [c, cxx] = ["cc1", "cc1plus"].map(program);
    if !c.starts_with('/') || !cxx.starts_with('/') {
        return;
    }
    let project = Project::new("stale_program");
    project.file("src/more.c", "int more(void) { return N; }\n");
    project.file("src/most.cc", "extern \"C\" int most() { return N; }\n");
    for (value, folder) in [(1, "none"), (2, "tools"), (3, "tools")] {
        for (name, real) in [("cc1", &c), ("cc1plus", &cxx)] {
            let text = format!("exec {real} \"$@\" -UN -DN={value}");
            script(&project.path(&format!("{folder}/{name}")), &text);
        }
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n#cgo CFLAGS: -DN=1 -B${{SRCDIR}}/../tools/\n#cgo CXXFLAGS: -DN=1 -B ${{SRCDIR}}/../tools/\n\
                 #cgo SOURCES: more.c most.cc\nint more(void);\nint most(void);\nstatic int f(void) {{ return N; }}\n}}\n\
                 fn main() {{ println!(\"{{:?}}\", unsafe {{ [C::f(), C::more(), C::most()] }}); }}\n// {value}\n"
            ),
        );
        let all = format!("[{value}, {value}, {value}]\n");
        assert_eq!(project.cargo("run -q"), all);
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

/// A library of this name with `int more(void) { return VALUE; }`.
fn library(project: &Project, file: &str, value: i32, more: &[&str]) {
    let source = project.path("more.c");
    fs::write(&source, format!("int more(void) {{ return {value}; }}\n")).unwrap();
    let file = project.path(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&file);
    let mut compiler = Command::new(c_compiler());
    if file.extension().is_some_and(|end| end == "so") {
        run(compiler
            .args(["-shared", "-fPIC", "-o"])
            .arg(&file)
            .arg(&source)
            .args(more));
        return;
    }
    let object = project.path("more.o");
    run(compiler
        .args(["-c", "-fPIC", "-o"])
        .arg(&object)
        .arg(&source));
    run(Command::new("ar").arg("crs").arg(&file).arg(&object));
}

/// A program that prints what `more` of the libraries in `flags` returns.
fn program_with(project: &Project, flags: &str, edit: usize) {
    project.file(
        "src/main.rs",
        &format!(
            "cgo::c_preamble! {{\n#cgo LDFLAGS: {flags}\nint more(void);\n}}\nfn main() {{ println!(\"{{}}\", unsafe {{ C::more() }}); }}\n// {edit}\n"
        ),
    );
}

#[test]
fn libraries() {
    let project = Project::new("stale_libraries");
    let flags = "-L${SRCDIR}/../first -L${SRCDIR}/../second -lmore";
    let runs = |edit: usize, expected: &str| {
        program_with(&project, flags, edit);
        assert_eq!(project.cargo("run -q"), expected);
    };
    program_with(&project, flags, 0);
    // Not there at first: then it is, and nothing else has changed.
    assert!(project.cargo_fails("build").contains("-lmore"));
    library(&project, "second/libmore.a", 1, &[]);
    assert_eq!(project.cargo("run -q"), "1\n");
    library(&project, "second/libmore.a", 2, &[]);
    assert_eq!(project.cargo("run -q"), "2\n");
    // In an earlier folder, and a shared library beside an archive.
    library(&project, "first/libmore.a", 3, &[]);
    runs(3, "3\n");
    library(&project, "first/libmore.so", 4, &[]);
    runs(4, "4\n");
    library(&project, "first/libmore.so", 5, &["-Wl,-soname,libmore.so"]);
    runs(5, "5\n");
    fs::remove_dir_all(project.path("first")).unwrap();
    runs(6, "2\n");
}

/// Two members of one workspace, each with a library of its own.
fn two_with_libraries(name: &str) -> Project {
    let project = Project::new(&format!("{name}_one"));
    let other = format!("{name}_two");
    let members = format!("[workspace]\nmembers = [{other:?}]");
    let own = manifest(&format!("{name}_one"), "2024", "").replace("[workspace]", &members);
    project.manifest(&own).file(
        &format!("{other}/Cargo.toml"),
        &manifest(&other, "2024", "").replace("[workspace]\n", ""),
    );
    project
}

fn says_qz(flags: &str) -> String {
    format!(
        "cgo::c_preamble! {{\n#cgo LDFLAGS: {flags}\nint more(void);\n}}\nfn main() {{ println!(\"{{}}\", unsafe {{ C::more() }}); }}\n"
    )
}

#[test]
fn a_library_of_one_crate_is_no_others() {
    let project = two_with_libraries("qz");
    project.file("src/main.rs", &says_qz("-L${SRCDIR}/../lib -lqz"));
    project.file("qz_two/src/main.rs", &says_qz("-L${SRCDIR}/../lib -lqz"));
    library(&project, "lib/libqz.so", 1, &[]);
    library(&project, "qz_two/lib/libqz.so", 2, &[]);
    project.cargo("build --workspace");
    assert_eq!(project.cargo("run -q -p qz_one"), "1\n");
    assert_eq!(project.cargo("run -q -p qz_two"), "2\n");
    // Nor does a crate whose folder is wrong find one.
    for name in ["libqz.so", "libother.so"] {
        library(
            &project,
            "lib/libqz.so",
            1,
            &[&format!("-Wl,-soname,{name}")],
        );
        project.file("src/main.rs", &says_qz("-L${SRCDIR}/../lib -lqz"));
        assert_eq!(project.cargo("run -q -p qz_one"), "1\n");
        project.file("qz_two/src/main.rs", &says_qz("-L${SRCDIR}/nowhere -lqz"));
        assert!(project.cargo_fails("build -p qz_two").contains("-lqz"));
    }
}

#[test]
fn a_name_that_two_libraries_record_is_rejected() {
    let project = two_with_libraries("same");
    project.file("src/main.rs", &says_qz("-L${SRCDIR}/../lib -lqz"));
    project.file("same_two/src/main.rs", &says_qz("-L${SRCDIR}/../lib -lqz"));
    library(&project, "lib/libqz.so", 1, &["-Wl,-soname,libsame.so.1"]);
    library(
        &project,
        "same_two/lib/libqz.so",
        2,
        &["-Wl,-soname,libsame.so.1"],
    );
    assert_eq!(project.cargo("run -q -p same_one"), "1\n");
    let message = project.cargo_fails("build -p same_two");
    assert!(
        message.contains("two shared libraries have the name `libsame.so.1` at run time"),
        "{message}"
    );
    library(
        &project,
        "same_two/lib/libqz.so",
        2,
        &["-Wl,-soname,libsame.so.2"],
    );
    assert_eq!(project.cargo("run -q -p same_two"), "2\n");
}

/// The record of the unit tests, which are another crate for rustc, must not outlive the variable.
#[test]
fn a_variable_that_has_another_library_found() {
    if !installed("pkg-config") {
        return;
    }
    let project = Project::new("stale_soname");
    for (folder, value) in [("one", 1), ("two", 2)] {
        let file = format!("{folder}/libqz.so");
        library(&project, &file, value, &["-Wl,-soname,libqz.so.1"]);
        let folder = project.path(folder);
        let package = format!(
            "Name: p\nDescription: p\nVersion: 1\nLibs: -L{} -lqz\n",
            folder.display()
        );
        fs::write(folder.join("qz.pc"), package).unwrap();
    }
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n#cgo pkg-config: qz\nint more(void);\n}\nfn main() { println!(\"{}\", unsafe { C::more() }); }\n#[test] fn t() { main() }\n",
    );
    let one = project.path("one").display().to_string();
    let project = project.with_variable("PKG_CONFIG_PATH", &one);
    assert_eq!(project.cargo("run -q"), "1\n");
    project.cargo("test");
    let two = one.replace("/one", "/two");
    let project = project.with_variable("PKG_CONFIG_PATH", &two);
    assert_eq!(project.cargo("run -q"), "2\n");
    project.cargo("test");
}

/// All in one test, since each needs a target folder of its own.
#[test]
fn packages_and_compilers() {
    if !installed("pkg-config") {
        return;
    }
    let name = "stale_tools";
    let project = Project::new(name).with_own_target();
    let folder = |name: &str| project.path(name).display().to_string();
    let real = resolved(&c_compiler());
    let first = folder("bin-first");
    let path = format!(
        "{first}:{}:{}",
        folder("bin-second"),
        std::env::var("PATH").unwrap()
    );
    let packages = format!("{}:{}", folder("pc-first"), folder("pc-second"));
    let (cc, second) = (folder("bin-second/mycc"), folder("bin-second"));
    let project = project
        .with_variable("PATH", &path)
        .with_variable("PKG_CONFIG_PATH", &packages)
        .with_variable("CC", "mycc");
    let asked = Asked::new(
        project,
        name,
        "#cgo pkg-config: stale\n#ifndef COMPILER\n#define COMPILER 0\n#endif\n#define V (PACKAGE + COMPILER)",
    );
    let package = |file: &str, more: &str| {
        asked.file(
            file,
            &format!("Name: p\nDescription: p\nVersion: 1\n{more}\n"),
        );
    };
    let runs = |program: &str, flags: &str| format!("exec {program} {flags} \"$@\"");

    script(Path::new(&cc), &runs(&real, ""));
    package("pc-second/stale.pc", "Cflags: -DPACKAGE=1");
    asked.says(1);
    package("pc-second/stale.pc", "Cflags: -DPACKAGE=2");
    asked.still_says(2);
    package("pc-second/behind.pc", "Cflags: -DPACKAGE=3");
    package("pc-second/stale.pc", "Requires: behind");
    asked.still_says(3);
    package("pc-second/behind.pc", "Cflags: -DPACKAGE=4");
    asked.still_says(4);
    package("pc-first/behind.pc", "Cflags: -DPACKAGE=5");
    asked.says(5);
    package("pc-first/stale.pc", "Cflags: -DPACKAGE=6");
    asked.says(6);

    // A script that is edited.
    script(Path::new(&cc), &runs(&real, "-DCOMPILER=10"));
    asked.still_says(16);
    // One behind it.
    script(
        Path::new(&second).join("behind-cc").as_path(),
        &runs(&real, "-DCOMPILER=20"),
    );
    script(Path::new(&cc), &runs("behind-cc", ""));
    asked.still_says(26);
    script(
        Path::new(&second).join("behind-cc").as_path(),
        &runs(&real, "-DCOMPILER=30"),
    );
    asked.still_says(36);
    // A link that is switched to another, which is older.
    let (one, other) = (
        PathBuf::from(folder_of(&cc, "one")),
        PathBuf::from(folder_of(&cc, "other")),
    );
    script(&one, &runs(&real, "-DCOMPILER=40"));
    script(&other, &runs(&real, "-DCOMPILER=50"));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for file in [&one, &other] {
        fs::File::options()
            .append(true)
            .open(file)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
    }
    for (file, value) in [(&one, 46), (&other, 56)] {
        let _ = fs::remove_file(&cc);
        symlink(file, &cc).unwrap();
        asked.says(value);
    }
    // Another compiler that comes first in PATH.
    script(
        &Path::new(&first).join("mycc"),
        &runs(&real, "-DCOMPILER=60"),
    );
    asked.says(66);

    // ccache runs the next compiler of its own name.
    if installed("ccache") {
        fs::remove_file(Path::new(&first).join("mycc")).unwrap();
        symlink(resolved("ccache"), Path::new(&first).join("mycc")).unwrap();
        let _ = fs::remove_file(&cc);
        script(Path::new(&cc), &runs(&real, "-DCOMPILER=70"));
        asked.says(76);
        script(Path::new(&cc), &runs(&real, "-DCOMPILER=80"));
        asked.says(86);
    }

    // Variables, which Cargo watches: of a compiler such as that of Nix, and of all.
    let _ = fs::remove_file(Path::new(&first).join("mycc"));
    let _ = fs::remove_file(&cc);
    script(
        Path::new(&cc),
        &runs(&real, "${NIX_CFLAGS_COMPILE:--DCOMPILER=80}"),
    );
    asked.says(86);
    let asked = Asked {
        project: asked
            .project
            .with_variable("NIX_CFLAGS_COMPILE", "-DCOMPILER=100"),
        ..asked
    };
    asked.still_says(106);
    let flags = "-UPACKAGE -DPACKAGE=7 -UCOMPILER -DCOMPILER=90";
    let asked = Asked {
        project: asked.project.with_variable("CFLAGS", flags),
        ..asked
    };
    asked.file("pc-first/stale.pc", "Name: p\nDescription: p\nVersion: 1\n");
    asked.says(97);
}

fn folder_of(file: &str, name: &str) -> String {
    Path::new(file).with_file_name(name).display().to_string()
}

/// Where a program is.
fn resolved(program: &str) -> String {
    run(Command::new("sh").args(["-c", &format!("command -v {program}")]))
        .trim()
        .to_string()
}

/// What a file of the link directory may be after a crash or a power cut.
type Damage = fn(&Path);

fn damages() -> [(&'static str, Damage); 5] {
    [
        ("deleted", |file| fs::remove_file(file).unwrap()),
        ("empty", |file| fs::write(file, "").unwrap()),
        ("cut", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("zeroed", |file| {
            let length = fs::read(file).unwrap().len();
            fs::write(file, vec![0; length]).unwrap();
        }),
        ("zeroed at its end", |file| {
            let mut bytes = fs::read(file).unwrap();
            let half = bytes.len() / 2;
            bytes[half..].fill(0);
            fs::write(file, bytes).unwrap();
        }),
    ]
}

#[test]
fn damage_heals() {
    let project = Project::new("damage").with_own_target();
    library(&project, "lib/libmore.so", 3, &["-Wl,-soname,libmore.so.1"]);
    project.file(
        "src/lib.rs",
        "cgo::c_preamble! { pub mod C;\n#cgo LDFLAGS: -L${SRCDIR}/../lib -lmore\nint more(void);\n static int f(void) { return more(); }\n}\npub fn f() -> i32 { unsafe { C::f() } }\n",
    );
    let main = "fn main() { println!(\"{}\", damage::f()); }\n";
    project.file("src/main.rs", main);
    assert_eq!(project.cargo("run -q"), "3\n");
    let all = project.linked_files("debug", "").into_iter();
    let run_directory = project.link_directory("debug").with_file_name("run");
    let in_run = fs::read_dir(run_directory)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let files: Vec<PathBuf> = all.chain(in_run).filter(|file| !file.is_dir()).collect();
    assert!(files.len() >= 7, "{files:?}");
    let source = fs::read_to_string(project.path("src/lib.rs")).unwrap();
    let mut edit = 0;
    for file in files {
        let is_link = fs::symlink_metadata(&file).unwrap().is_symlink();
        for (kind, damage) in damages() {
            if is_link {
                // What it leads to is the user's.
                fs::remove_file(&file).unwrap();
                if kind != "deleted" {
                    fs::write(&file, "").unwrap();
                }
            } else if file.exists() {
                damage(&file);
            }
            edit += 1;
            project.file("src/lib.rs", &format!("{source}// {edit}\n"));
            let output = project.command("run -q").output().unwrap();
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                "3\n",
                "{kind}: {}\n{}",
                file.display(),
                said(&output)
            );
        }
    }
}

#[test]
fn a_marker_that_cannot_be_read_is_said_to_be() {
    let project = Project::new("marker").with_own_target();
    project.file("src/main.rs", "cgo::c_preamble! { static int f(void) { return 1; } }\nfn main() { println!(\"{}\", unsafe { C::f() }); }");
    assert_eq!(project.cargo("run -q"), "1\n");
    let marker = project.link_directory("debug").join("cgo-link-directory");
    let length = fs::read(&marker).unwrap().len();
    fs::write(&marker, vec![0; length]).unwrap();
    // As a power cut leaves it: Cargo sees no change.
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    fs::File::options()
        .append(true)
        .open(&marker)
        .unwrap()
        .set_modified(old)
        .unwrap();
    project.file("src/main.rs", "cgo::c_preamble! { static int f(void) { return 2; } }\nfn main() { println!(\"{}\", unsafe { C::f() }); }");
    let message = project.cargo_fails("build");
    assert!(
        message.contains("is damaged")
            && message.contains("help: run `cargo clean -p cgo-runtime`"),
        "{message}"
    );
    project.cargo("clean -p cgo-runtime");
    assert_eq!(project.cargo("run -q"), "2\n");
}

#[test]
fn libraries_are_there_also_where_nothing_is_linked() {
    let project = Project::new("dep_info").with_own_target();
    library(&project, "lib/libmore.so", 3, &["-Wl,-soname,libmore.so.1"]);
    program_with(&project, "-L${SRCDIR}/../lib -lmore", 0);
    project.cargo("check");
    assert_eq!(project.linked_files("debug", "libcgolink_").len(), 1);
}

/// sccache knows of a crate what rustc's arguments and the list of its files and variables say, and nothing else.
#[test]
fn sccache() {
    if !installed("sccache") {
        return;
    }
    let mut project = Project::new("cached").with_own_target();
    let kept = project.path("sccache").display().to_string();
    let port = (20000 + std::process::id() % 20000).to_string();
    for (name, value) in [
        ("RUSTC_WRAPPER", "sccache"),
        ("SCCACHE_DIR", &kept),
        ("SCCACHE_SERVER_PORT", &port),
        // What is compiled incrementally is not kept.
        ("CARGO_INCREMENTAL", "0"),
    ] {
        project = project.with_variable(name, value);
    }
    let server = |argument: &str| {
        let mut command = Command::new("sccache");
        command
            .env("SCCACHE_SERVER_PORT", &port)
            .env("SCCACHE_DIR", &kept);
        run(command.arg(argument))
    };
    library(&project, "lib/libmore.so", 3, &["-Wl,-soname,libmore.so.1"]);
    project.file(
        "src/lib.rs",
        "cgo::c_preamble! { pub mod C;\n#cgo LDFLAGS: -L${SRCDIR}/../lib -lmore\n#cgo SOURCES: n.c\nint n(void);\nint more(void);\n\
         static int f(void) { return 10 * n() + more(); }\n}\npub fn f() -> i32 { unsafe { C::f() } }\n",
    );
    project.file("src/n.c", "#include \"h.h\"\nint n(void) { return N; }\n");
    project.file("src/h.h", "#ifndef N\n#define N 1\n#endif\n");
    project.file(
        "src/main.rs",
        "fn main() { println!(\"{}\", cached::f()); }\n",
    );
    assert_eq!(project.cargo("run -q"), "13\n");
    project.file("src/h.h", "#ifndef N\n#define N 4\n#endif\n");
    assert_eq!(project.cargo("run -q"), "43\n");
    // A target folder that is empty again: what sccache gives must find its library.
    fs::remove_dir_all(project.target()).unwrap();
    assert_eq!(project.cargo("run -q"), "43\n");
    let project = project.with_variable("CFLAGS", "-DN=2");
    assert_eq!(project.cargo("run -q"), "23\n");
    server("--stop-server");
}
