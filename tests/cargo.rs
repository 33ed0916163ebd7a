//! cgo in real cargo builds: every kind of crate, every profile, and what is built again when something changes.

mod support;

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use support::{Project, c_compiler, manifest, run};

const ADD: &str =
    "cgo::c_preamble! { pub mod C; static int add(int a, int b) { return a + b; } }\n";

fn main_printing(expression: &str) -> String {
    format!("{ADD}fn main() {{ println!(\"{{}}\", unsafe {{ {expression} }}); }}\n")
}

#[test]
fn one_crate_with_every_kind_of_target() {
    let project = Project::new("every_kind");
    let uses = "fn main() { assert_eq!(unsafe { every_kind::C::add(1, 2) }, 3); println!(\"3\"); }";
    let own = "cgo::c_preamble! { static int twice(int a) { return 2 * a; } }\n";
    project
        .file("src/lib.rs", &format!("//! ```\n//! cgo::c_preamble! {{\n//!     static int minus(int a) {{ return -a; }}\n//! }}\n//! # fn main() {{\n//! assert_eq!(unsafe {{ C::minus(every_kind::C::add(1, 2)) }}, -3);\n//! # }}\n//! ```\n{ADD}#[test] fn unit() {{ assert_eq!(unsafe {{ C::add(1, 2) }}, 3); }}"))
        .file("src/main.rs", uses)
        .file("examples/example.rs", uses)
        .file("tests/integration.rs", &format!("{own}#[test] fn integration() {{ assert_eq!(unsafe {{ C::twice(every_kind::C::add(1, 2)) }}, 6); }}"));
    let said = project.cargo("test");
    assert_eq!(
        said.matches("1 passed").count(),
        3,
        "unit test, integration test and doctest:\n{said}"
    );
    assert_eq!(project.cargo("run -q"), "3\n");
    assert_eq!(project.cargo("run -q --example example"), "3\n");
    project.cargo("doc --no-deps");
}

#[test]
fn through_an_rlib_in_between() {
    let project = Project::new("outer");
    project
        .manifest(
            &manifest("outer", "2024", "inner = { path = \"inner\" }\n")
                .replace("[workspace]", "[workspace]\nmembers = [\"inner\"]"),
        )
        .file(
            "inner/Cargo.toml",
            &manifest("inner", "2024", "").replace("[workspace]\n", ""),
        )
        .file("inner/src/lib.rs", ADD)
        .file(
            "src/main.rs",
            "fn main() { println!(\"{}\", unsafe { inner::C::add(2, 2) }); }",
        );
    assert_eq!(project.cargo("run -q"), "4\n");
}

/// The static library is written without a program for it, which a machine with clang alone may not have.
#[test]
fn no_archiver_is_needed() {
    let project = Project::new("no_archiver");
    project.file(
        "more.c",
        "int not_asked_for; int more(void) { return 1; } static int unused;",
    );
    let long = "a_name_of_more_than_fifteen_bytes.c";
    project.file(
        long,
        "extern int more(void); int twice(int a) { return 2 * a * more(); }",
    );
    project.file(
        "src/main.rs",
        &format!(
            "cgo::c_preamble! {{
                #cgo SOURCES: ../more.c ../{long}
                int twice(int a);
            }}
            fn main() {{ println!(\"{{}}\", unsafe {{ C::twice(2) }}); }}"
        ),
    );
    let mut command = project.command("run -q");
    assert_eq!(run(command.env("AR", "/nonexistent/ar")), "4\n");
}

#[test]
fn a_type_of_another_crate_is_compared_whole() {
    let project = Project::new("borrower");
    let lender =
        "cgo::c_preamble! { pub mod C; #cgo bind: *\nstruct rect { int width, height; }; }";
    let borrower = |members: &str| {
        format!(
            "cgo::c_preamble! {{ use lender::C::struct_rect; struct rect {{ {members} }}; static int left(struct rect *r) {{ return r->width; }} }}\n\
             fn main() {{ let mut r = lender::C::struct_rect {{ width: 3, height: 4 }}; println!(\"{{}}\", unsafe {{ C::left(&mut r) }}); }}"
        )
    };
    project
        .manifest(
            &manifest("borrower", "2024", "lender = { path = \"lender\" }\n")
                .replace("[workspace]", "[workspace]\nmembers = [\"lender\"]"),
        )
        .file(
            "lender/Cargo.toml",
            &manifest("lender", "2024", "").replace("[workspace]\n", ""),
        )
        .file("lender/src/lib.rs", lender)
        .file("src/main.rs", &borrower("int width, height;"));
    assert_eq!(project.cargo("run -q"), "3\n");
    project.file("src/main.rs", &borrower("int height, width;"));
    let said = project.cargo_fails("check");
    assert!(
        said.contains(
            "`struct_rect` is imported from `lender::C::struct_rect`, which is another type"
        ),
        "{said}"
    );
    assert!(
        said.contains("`width` at byte 0 there, and `height` at byte 0 here"),
        "{said}"
    );
}

/// Rust's own runtime library has a complex division and a square root too, and of a library's libraries the linker hears later.
#[test]
fn a_library_links_what_c_itself_would() {
    let project = Project::new("outer_of_c");
    project
        .manifest(
            &manifest("outer_of_c", "2024", "inner_of_c = { path = \"inner\" }\n")
                .replace("[workspace]", "[workspace]\nmembers = [\"inner\"]"),
        )
        .file(
            "inner/Cargo.toml",
            &manifest("inner_of_c", "2024", "").replace("[workspace]\n", ""),
        )
        .file(
            "inner/src/lib.rs",
            "cgo::c_preamble! {\n pub mod C;\n #include <complex.h>\n #include <errno.h>\n #include <math.h>\n\
             static double quotient(double by) { double complex a = 4e-320 + 3e-320 * I, b = by + 1e-320 * I; return creal(a / b); }\n\
             static int root_fails(double x) { errno = 0; return sqrt(x) != 0 && errno == EDOM; }\n}\n",
        )
        .file(
            "src/main.rs",
            "use inner_of_c::C;\nfn main() { println!(\"{} {}\", unsafe { C::quotient(2e-320) }, unsafe { C::root_fails(-1.0) }); }",
        );
    for profile in ["run -q", "run -q --release"] {
        assert_eq!(project.cargo(profile), "2.2 1\n", "{profile}");
    }
}

#[test]
fn a_cdylib_and_a_staticlib_are_loaded_from_c() {
    let project = Project::new("for_c");
    project
        .manifest(&manifest("for_c", "2024", "[lib]\ncrate-type = [\"cdylib\", \"staticlib\", \"rlib\"]\n"))
        .file("src/lib.rs", &format!("{ADD}#[unsafe(no_mangle)] pub extern \"C\" fn rust_add(a: i32, b: i32) -> i32 {{ unsafe {{ C::add(a, b) }} }}"))
        .file("main.c", "#include <stdio.h>\nint rust_add(int, int);\nint main(void) { printf(\"%d\\n\", rust_add(40, 2)); return 0; }\n");
    project.cargo("build");
    let folder = project.target().join("debug");
    let program = project.path("program");
    for library in ["libfor_c.a", "libfor_c.so"] {
        let mut link = Command::new(c_compiler());
        link.arg(project.path("main.c"))
            .arg(folder.join(library))
            .args(["-lpthread", "-ldl", "-lm", "-o"])
            .arg(&program);
        run(&mut link);
        assert_eq!(
            run(Command::new(&program).env("LD_LIBRARY_PATH", &folder)),
            "42\n",
            "{library}"
        );
    }
}

#[test]
fn every_profile() {
    // Settings by variable leave cgo's own crates as they are, which are built for the host.
    let profiles = [
        ("run -q", "CARGO_PROFILE_DEV_PANIC", "abort"),
        ("run -q --release", "CARGO_PROFILE_RELEASE_LTO", "fat"),
        ("run -q --release", "CARGO_PROFILE_RELEASE_LTO", "thin"),
    ];
    for (line, name, value) in profiles {
        let project = Project::new("profiles").with_variable(name, value);
        project.file("src/main.rs", &main_printing("C::add(20, 3)"));
        assert_eq!(project.cargo(line), "23\n", "{name}={value}");
    }
}

#[test]
fn editions() {
    for edition in ["2021", "2024"] {
        let project = Project::new("edition");
        project
            .manifest(&manifest("edition", edition, ""))
            .file("src/main.rs", &main_printing("C::add(1, 6)"));
        assert_eq!(project.cargo("run -q"), "7\n", "{edition}");
    }
}

#[test]
fn a_path_with_spaces_and_other_letters() {
    let project =
        Project::in_folder("odd_path", "a folder with ünïcode and spaces").with_own_target();
    project.file("src/my header.h", "#define NUMBER 5\n").file("src/main.rs", "cgo::c_preamble! {\n#include \"my header.h\"\n static int number(void) { return NUMBER; }\n}\nfn main() { println!(\"{}\", unsafe { C::number() }); }");
    assert_eq!(project.cargo("run -q"), "5\n");
}

#[test]
fn a_trybuild_case_passes() {
    let project = Project::new("tried");
    project
        .manifest(&manifest(
            "tried",
            "2024",
            "[dev-dependencies]\ntrybuild = \"1\"\n",
        ))
        .file("src/lib.rs", "")
        .file("tests/ui/pass.rs", &main_printing("C::add(1, 2)"))
        .file(
            "tests/ui.rs",
            "#[test] fn ui() { trybuild::TestCases::new().pass(\"tests/ui/pass.rs\"); }",
        );
    assert!(project.cargo("test").contains("1 passed"));
}

#[test]
fn a_changed_header_is_built_again_and_nothing_else_is() {
    let project = Project::new("headers");
    project.file("src/number.h", "#define NUMBER 1\n").file(
        "src/main.rs",
        "cgo::c_preamble! {\n#include \"number.h\"\n static int number(void) { return NUMBER; }\n}\nfn main() { println!(\"{}\", unsafe { C::number() }); }",
    );
    assert_eq!(project.cargo("run -q"), "1\n");
    assert_eq!(project.compiled("build"), Vec::<String>::new());
    project.file("src/number.h", "#define NUMBER 22\n");
    assert_eq!(project.compiled("build"), ["headers"]);
    assert_eq!(project.cargo("run -q"), "22\n");
    assert_eq!(project.compiled("build"), Vec::<String>::new());
}

#[test]
fn a_header_behind_the_users_own_is_watched_and_one_behind_the_systems_comes_with_it() {
    let project = Project::new("behind");
    project
        .file("sys/inner/number.h", "#define NUMBER 1\n")
        .file("sys/number.h", "#include <inner/number.h>\n")
        .file("src/main.rs", "cgo::c_preamble! {\n#cgo CFLAGS: -isystem ${SRCDIR}/../sys\n#include <number.h>\n#include <stdlib.h>\n static int number(void) { return NUMBER; }\n}\nfn main() { println!(\"{}\", unsafe { C::number() }); }");
    assert_eq!(project.cargo("run -q"), "1\n");
    project.file("sys/inner/number.h", "#define NUMBER 22\n");
    assert_eq!(project.cargo("run -q"), "22\n");

    let watched = fs::read_to_string(project.target().join("debug/behind.d")).unwrap();
    let watched: Vec<&str> = watched.split_whitespace().collect();
    let system = watched
        .iter()
        .filter(|file| file.starts_with("/usr/include"));
    assert_eq!(system.collect::<Vec<_>>(), [&"/usr/include/stdlib.h"]);
}

#[test]
fn a_changed_source_and_its_header_are_built_again() {
    let project = Project::new("sources");
    project
        .file("src/more/more.h", "#define MORE 1\n")
        .file("src/more/more.c", "#include \"more.h\"\nint more(void) { return MORE; }\n")
        .file("src/main.rs", "cgo::c_preamble! {\n#cgo SOURCES: more/more.c\nint more(void);\n}\nfn main() { println!(\"{}\", unsafe { C::more() }); }");
    assert_eq!(project.cargo("run -q"), "1\n");
    project.file("src/more/more.h", "#define MORE 2\n");
    assert_eq!(project.cargo("run -q"), "2\n");
    project.file("src/more/more.c", "int more(void) { return 33; }\n");
    assert_eq!(project.cargo("run -q"), "33\n");
}

#[test]
fn a_changed_environment_variable_is_noticed() {
    let mut project = Project::new("variable").with_own_target();
    project.file("src/main.rs", "cgo::c_preamble! {\n#ifndef N\n#define N 1\n#endif\nstatic int n(void) { return N; }\n}\nfn main() { println!(\"{}\", unsafe { C::n() }); }");
    assert_eq!(project.cargo("run -q"), "1\n");
    project = project.with_variable("CFLAGS", "-DN=4");
    assert_eq!(project.cargo("run -q"), "4\n");
    project.file(
        ".cargo/config.toml",
        "[env]\nCFLAGS = { value = \"-DN=5\", force = true }\n",
    );
    assert_eq!(project.cargo("run -q"), "5\n");
    assert_eq!(project.compiled("build"), Vec::<String>::new());
}

#[test]
fn another_file_of_the_crate_brings_a_name() {
    let project = Project::new("names");
    let main = "#[macro_use] mod wide;\nmod user;\ncgo::c_preamble! {\n#include <stdlib.h>\n#include <string.h>\n}\nfn main() { user::run(); }";
    project
        .file("src/main.rs", main)
        .file("src/wide.rs", "macro_rules! length { ($s:expr) => { unsafe { crate::C::strlen($s) } } }")
        .file("src/user.rs", "use crate::C as ffi;\nuse crate::C::*;\npub fn run() { println!(\"{} {} {}\", length!(c\"abc\".as_ptr()), unsafe { ffi::abs(-4) }, unsafe { labs(-5) }); }");
    assert_eq!(project.cargo("run -q"), "3 4 5\n");
    project.file("src/user.rs", "pub fn run() { println!(\"{} {}\", length!(c\"abc\".as_ptr()), unsafe { crate::C::strnlen(c\"abc\".as_ptr(), 2) }); }");
    assert_eq!(project.cargo("run -q"), "3 2\n");
}

#[test]
fn a_check_compiles_no_object_code() {
    let project = Project::new("checked").with_own_target();
    project.file("src/main.rs", &main_printing("C::add(1, 2)"));
    project.cargo("check");
    assert_eq!(project.linked_files("debug", "libcgo_").len(), 0);
    assert_eq!(project.linked_files("debug", "module-").len(), 1);
    project.cargo("build");
    assert_eq!(project.linked_files("debug", "libcgo_").len(), 1);
    // One for builds and one for checks.
    assert_eq!(project.linked_files("debug", "module-").len(), 2);
}

/// What a build has learned of the C, a check needs not ask again, and Cargo tells the two apart.
#[cfg(unix)]
#[test]
fn a_check_after_a_build_runs_no_compiler() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new("check_after_build").with_own_target();
    let (script, log) = (project.path("logging-cc"), project.path("log"));
    let text = format!(
        "#!/bin/sh\necho run >> '{}'\nexec {} \"$@\"\n",
        log.display(),
        c_compiler()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let project = project.with_variable("CC", &script.display().to_string());
    let edited = |edit: &str, command: &str| {
        let text = format!(
            "{}const _: &str = {edit:?};\n",
            main_printing("C::add(1, 2)")
        );
        project.file("src/main.rs", &text);
        fs::write(&log, "").unwrap();
        project.cargo(command);
        fs::read_to_string(&log).unwrap().lines().count()
    };
    assert!(edited("once", "build") > 0);
    assert_eq!(edited("twice", "check"), 0);
    assert_eq!(edited("again", "check"), 0);
}

#[test]
fn four_builds_at_once() {
    let project = Project::new("at_once").with_own_target();
    project.file("src/main.rs", &main_printing("C::add(1, 2)"));
    let running: Vec<_> = ["build", "check", "build --release", "run -q"]
        .into_iter()
        .map(|line| project.command(line).spawn().unwrap())
        .collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(project.cargo("run -q"), "3\n");
}

#[test]
fn what_is_removed_from_the_target_folder_is_made_again() {
    let project = Project::new("removed").with_own_target();
    project.file("src/main.rs", &main_printing("C::add(1, 2)"));
    project.cargo("build");
    for file in project.linked_files("debug", "") {
        fs::remove_file(&file)
            .or_else(|_| fs::remove_dir_all(&file))
            .unwrap();
    }
    project.file("src/main.rs", &main_printing("C::add(2, 2)"));
    assert_eq!(project.cargo("run -q"), "4\n");
    fs::remove_dir_all(project.link_directory("debug")).unwrap();
    project.file("src/main.rs", &main_printing("C::add(3, 2)"));
    assert_eq!(project.cargo("run -q"), "5\n");
}

#[test]
fn many_edits_do_not_fill_the_target_folder() {
    let project = Project::new("edited").with_own_target();
    project.file("src/main.rs", &main_printing("C::add(1, 2)"));
    project.cargo("build");
    let folder = project.link_directory("debug");
    let old = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
    for number in 0..1000 {
        let file = fs::File::create(folder.join(format!("module-{number:032x}.rs"))).unwrap();
        file.set_modified(old).unwrap();
    }
    project.file(
        "src/main.rs",
        &main_printing("C::add(1, 3)").replace("a + b", "b + a"),
    );
    assert_eq!(project.cargo("run -q"), "4\n");
    assert!(fs::read_dir(&folder).unwrap().count() < 500);
}
