//! What compiling the files of `SOURCES` costs: each once, and again only when it changes, side by side as far as Cargo allows.

#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Project, c_compiler};

const FILES: usize = 4;

/// A project whose compiler writes down when it begins and ends with a C file.
struct Watched {
    project: Project,
    log: PathBuf,
}

impl Watched {
    fn new(name: &str) -> Watched {
        let project = Project::new(name);
        let (script, log) = (project.path("watched-cc"), project.path("log"));
        let compiler = c_compiler();
        let say = |word: &str| {
            let log = log.display();
            format!(
                "for a in \"$@\"; do case \"$a\" in *src/c*.c) echo {word} \"${{a##*/}}\" >> '{log}';; esac; done\n"
            )
        };
        let text = format!(
            "#!/bin/sh\n{}{compiler} \"$@\"\nr=$?\n{}exit $r\n",
            say("begin"),
            say("end")
        );
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let script = script.display().to_string();
        let watched = Watched {
            project: project.with_variable("CC", &script),
            log,
        };
        for number in 0..FILES {
            let text =
                format!("#include \"c.h\"\nint c{number}(void) {{ return {number} + ONE; }}\n");
            watched.project.file(&format!("src/c{number}.c"), &text);
        }
        watched.project.file("src/c.h", "#define ONE 1\n");
        watched
    }

    /// Writes a program whose preamble holds `more`, builds and runs it, and gives what was compiled for it.
    fn compiled(&self, arguments: &str, more: &str, expected: &str) -> Vec<String> {
        let files: Vec<String> = (0..FILES).map(|number| format!("c{number}.c")).collect();
        self.project.file(
            "src/main.rs",
            &format!(
                // A macro that needs a function in C, which nobody foresees.
                "cgo::c_preamble! {{\n#cgo SOURCES: {}\nint c0(void);\nint c3(void);\n#define NOTHING ((void *)0)\n{more}\n}}\n\
                 fn main() {{ unsafe {{ println!(\"{{}}\", C::c0() + C::c3()) }} }}\n",
                files.join(" ")
            ),
        );
        fs::write(&self.log, "").unwrap();
        assert_eq!(self.project.cargo(arguments), format!("{expected}\n"));
        let log = fs::read_to_string(&self.log).unwrap();
        log.lines().map(str::to_string).collect()
    }
}

fn begun(lines: &[String]) -> Vec<&str> {
    let mut files: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("begin "))
        .collect();
    files.sort();
    files
}

#[test]
fn a_source_is_compiled_once_for_each_change() {
    let watched = Watched::new("compiled_once");
    let all = ["c0.c", "c1.c", "c2.c", "c3.c"];
    let first = watched.compiled("run -q -j1", "", "5");
    assert_eq!(begun(&first), all);
    // With one job, one compiler is at work.
    let words: Vec<&str> = first
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(words, ["begin", "end"].repeat(FILES));
    // The preamble is no part of them.
    assert_eq!(
        begun(&watched.compiled("run -q", "static int more(void) { return 1; }", "5")),
        [""; 0]
    );
    assert_eq!(
        begun(&watched.compiled("run -q", "#define OTHER ((char *)0)", "5")),
        [""; 0]
    );
    watched.project.file(
        "src/c3.c",
        "#include \"c.h\"\nint c3(void) { return 40 + ONE; }\n",
    );
    assert_eq!(begun(&watched.compiled("run -q", "", "42")), ["c3.c"]);
    watched.project.file("src/c.h", "#define ONE 11\n");
    assert_eq!(begun(&watched.compiled("run -q", "", "62")), all);
    // Flags are.
    assert_eq!(
        begun(&watched.compiled("run -q", "#cgo CFLAGS: -DUNUSED", "62")),
        all
    );
    // An export is, for those that include the header.
    let text = "#include \"_cgo_export.h\"\n#include \"c.h\"\nint c3(void) { return 40 + ONE; }\n";
    watched.project.file("src/c3.c", text);
    assert_eq!(begun(&watched.compiled("run -q", "", "62")), ["c3.c"]);
    watched.project.file("src/export.rs", "");
    let main = fs::read_to_string(watched.project.path("src/main.rs")).unwrap();
    let exports = "#[cgo::export_c] fn exported() -> i32 { 7 }\n";
    watched
        .project
        .file("src/main.rs", &format!("{main}{exports}"));
    fs::write(&watched.log, "").unwrap();
    assert_eq!(watched.project.cargo("run -q"), "62\n");
    let log = fs::read_to_string(&watched.log).unwrap();
    let lines: Vec<String> = log.lines().map(str::to_string).collect();
    assert_eq!(begun(&lines), ["c3.c"]);
}

/// As in a Go package, a folder stands for the sources in it.
#[test]
fn a_folder_and_a_pattern_name_their_files() {
    let project = Project::new("source_folder");
    project
        .file("csrc/one.c", "int one(void) { return 1; }\n")
        .file("csrc/notes.txt", "not C\n")
        .file("csrc/inner/two.c", "#error is in another folder\n")
        .file("more/z_ten.c", "int ten(void) { return 10; }\n")
        .file("more/z_twenty.c", "int twenty(void) { return 20; }\n")
        .file("more/other.c", "#error is not wanted\n");
    let program = |names: &str, sum: &str| {
        format!(
            "cgo::c_preamble!(r#\"\n#cgo SOURCES: {names}\nint one(void); int ten(void); int twenty(void); int two(void);\n\"#);\nfn main() {{ unsafe {{ println!(\"{{}}\", {sum}) }} }}\n"
        )
    };
    project.file(
        "src/main.rs",
        &program(
            "../csrc/ ../more/z_*.c",
            "C::one() + C::ten() + C::twenty()",
        ),
    );
    assert_eq!(project.cargo("run -q"), "31\n");
    // A file that comes later belongs to the folder too.
    project.file("csrc/two.c", "int two(void) { return 2; }\n");
    project.file("src/main.rs", &program("../csrc", "C::one() + C::two()"));
    assert_eq!(project.cargo("run -q"), "3\n");
}

/// Each with its compiler and its flags, and with what it needs at run time.
#[test]
fn cxx_and_assembly_beside_c() {
    let project = Project::new("languages");
    project.file(
        "csrc/words.cc",
        r#"#include <stdexcept>
        #include <string>
        #include <vector>
        #include "_cgo_export.h"
        static std::vector<std::string> words = { "one", "two" };
        static_assert(__cplusplus >= 201703L && BOTH == 1 && ONLY_CXX == 2, "flags");
        extern "C" int words_length(void) {
            int length = 0;
            for (const std::string &word : words) length += word_weight((int)word.size());
            return length;
        }
        extern "C" int checked(int n) {
            try {
                if (n < 0) throw std::out_of_range("negative");
                return n;
            } catch (const std::exception &) {
                return -1;
            }
        }
"#,
    );
    project.file(
        "csrc/plain.c",
        "#ifdef ONLY_CXX\n#error C got the flags of C++\n#endif\nint plain(void) { return BOTH + ONLY_C; }\n",
    );
    project.file("csrc/answer.S", "#if ONLY_ASM == 4\n    .globl answer\nanswer:\n    mov $42, %eax\n    ret\n#endif\n#if defined __linux__\n    .section .note.GNU-stack,\"\",@progbits\n#endif\n");
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
            #cgo CPPFLAGS: -DBOTH=1
            #cgo CFLAGS: -DONLY_C=3
            #cgo CXXFLAGS: -std=c++17 -DONLY_CXX=2
            #cgo ASFLAGS: -DONLY_ASM=4
            #cgo SOURCES: ../csrc
            int words_length(void);
            int checked(int n);
            int plain(void);
            #ifdef __x86_64__
            int answer(void);
            #else
            static int answer(void) { return 42; }
            #endif
        }
        #[cgo::export_c]
        fn word_weight(n: i32) -> i32 { 10 * n }
        fn main() {
            unsafe { println!("{} {} {} {} {}", C::words_length(), C::checked(5), C::checked(-5), C::plain(), C::answer()) }
        }
"#,
    );
    if !cfg!(target_arch = "x86_64") {
        fs::remove_file(project.path("csrc/answer.S")).unwrap();
    }
    assert_eq!(project.cargo("run -q"), "60 5 -1 4 42\n");
    assert_eq!(project.cargo("run -q --release"), "60 5 -1 4 42\n");
}

/// As a function pointer of `unwind:`, which Rust gives to C++.
#[test]
fn a_cxx_exception_crosses_a_function_of_rust() {
    let project = Project::new("exception");
    project.file(
        "csrc/exception.cc",
        "extern \"C\" void fail(int n) { throw n; }\n\
         extern \"C\" int caught(void (*call)(int)) { try { call(7); } catch (int n) { return n; } return 0; }\n",
    );
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
            #cgo SOURCES: ../csrc
            #cgo unwind: fail caught
            void fail(int n);
            int caught(void (*call)(int));
        }
        struct Dropped;
        impl Drop for Dropped {
            fn drop(&mut self) { println!("dropped") }
        }
        unsafe extern "C-unwind" fn call(n: i32) {
            let _dropped = Dropped;
            unsafe { C::fail(n) }
        }
        fn main() {
            println!("{}", unsafe { C::caught(Some(call)) });
        }
"#,
    );
    assert_eq!(project.cargo("run -q"), "dropped\n7\n");
}

/// Where there is a Fortran compiler, which belongs to gcc.
#[test]
fn fortran_beside_c() {
    if Command::new("gfortran").arg("--version").output().is_err() {
        return;
    }
    let project = Project::new("fortran");
    project.file(
        "src/sum.f90",
        "function total(n, values) bind(c)\n  use iso_c_binding\n  integer(c_int), value :: n\n  real(c_double) :: values(n), total\n  \
         character(len=20) :: text\n  total = sum(values)\n  write(text, '(f8.3)') total\nend function\n",
    );
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    #cgo FFLAGS: -Wall\n    #cgo SOURCES: sum.f90\n    double total(int n, const double *values);\n}\n\
         fn main() { println!(\"{}\", unsafe { C::total(3, [0.5, 1.5, 2.0].as_ptr()) }) }\n",
    );
    assert_eq!(project.cargo("run -q"), "4\n");
}

/// Where the compilers know the languages, and GNU's run-time library is there.
#[test]
fn objective_c_beside_c() {
    let project = Project::new("objective_c");
    let class = |name: &str, body: &str| {
        format!(
            "#ifdef __clang__\n__attribute__((objc_root_class))\n#endif\n@interface {name}\n+ (int)of:(int)n;\n@end\n\
             @implementation {name}\n+ (int)of:(int)n {{ {body} }}\n@end\n"
        )
    };
    let twice = class("Twice", "return FACTOR * n;");
    let sum = class(
        "Sum",
        "std::vector<int> all(n, ONLY_CXX); int sum = 0; for (int each : all) sum += each; return sum;",
    );
    project
        .file(
            "csrc/twice.m",
            &format!("{twice}int twice(int n) {{ return [Twice of: n]; }}\n"),
        )
        .file(
            "csrc/sum.mm",
            &format!(
                "#include <vector>\n{sum}extern \"C\" int sum(int n) {{ return [Sum of: n]; }}\n"
            ),
        );
    if !links_objective_c(&project.path("csrc/twice.m")) {
        return println!("skipped: the compiler has no Objective-C, or libobjc is not installed");
    }
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
            #cgo CFLAGS: -DFACTOR=2
            #cgo CXXFLAGS: -std=c++11 -DONLY_CXX=5
            #cgo LDFLAGS: -lobjc
            #cgo SOURCES: ../csrc/
            int twice(int n);
            int sum(int n);
        }
        fn main() { unsafe { println!("{} {}", C::twice(21), C::sum(3)) } }
"#,
    );
    assert_eq!(project.cargo("run -q"), "42 15\n");
}

/// Whether programs can be made of Objective-C and, with the C++ compiler, of Objective-C++.
fn links_objective_c(file: &Path) -> bool {
    let c = c_compiler();
    let cxx = std::env::var("CXX").unwrap_or_else(|_| "c++".to_string());
    let compiles = |compiler: &str, language: &str| {
        let mut words = compiler.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("cc"));
        command
            .args(words)
            .args(["-x", language, "-shared", "-fPIC", "-DFACTOR=2"]);
        let output = command
            .arg(file)
            .args(["-o", "/dev/null", "-lobjc"])
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    compiles(&c, "objective-c") && compiles(&cxx, "objective-c++")
}

#[test]
fn a_damaged_object_is_made_again() {
    let watched = Watched::new("object_damaged");
    watched.compiled("run -q", "", "5");
    let objects = watched.project.linked_files("debug", "source-");
    assert_eq!(objects.len(), 2 * FILES);
    for (number, file) in objects.iter().enumerate() {
        let length = fs::read(file).unwrap().len();
        fs::write(file, vec![0; length]).unwrap();
        let edit = format!("static int edit{number}(void) {{ return 1; }}");
        assert_eq!(
            begun(&watched.compiled("run -q", &edit, "5")).len(),
            1,
            "{}",
            file.display()
        );
    }
}
