//! `#cgo` directives at work.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use support::{Project, c_compiler, run};

cgo::c_preamble! { /*
    #cgo CFLAGS: -DPLAIN=1 '-DQUOTED="two words"' -DSQUARE(x)=((x)*(x))
    #cgo CPPFLAGS: -DPREPROCESSOR=2
    #cgo linux,amd64 linux,arm64 linux,386 linux,s390x linux,riscv64 linux,arm CFLAGS: -DHERE=1
    #cgo linux && (x86_64 || aarch64 || x86 || s390x || riscv64 || arm) CFLAGS: -DHERE_TOO=1
    #cgo darwin,amd64 darwin,arm64 CFLAGS: -DHERE=1
    #cgo macos && (x86_64 || aarch64) CFLAGS: -DHERE_TOO=1
    #cgo !linux,!darwin CFLAGS: -DELSEWHERE=1
    #cgo windows darwin,riscv64 CFLAGS: -DELSEWHERE=1
    #cgo unix CFLAGS: -DUNIX=1
    #cgo LDFLAGS: -lm
    #cgo unsafe safe: twice
    #cgo bind: toupper
    #cgo noescape: twice
    #cgo nocallback: twice
    #include <ctype.h>
    #include <math.h>
    #include "directives.h"

    static int twice(int a) { return 2 * a; }
    #ifdef ELSEWHERE
    #error "a condition holds that should not"
    #endif
    static int flags(void) { return PLAIN + PREPROCESSOR + HERE + HERE_TOO + UNIX + SQUARE(3); }
    static const char *quoted(void) { return QUOTED; }
*/ }

#[test]
fn flags_reach_the_compiler() {
    assert_eq!(unsafe { C::flags() }, 1 + 2 + 1 + 1 + 1 + 9);
    assert_eq!(unsafe { C::GoString(C::quoted()) }, "two words");
}

#[test]
fn the_folder_of_the_rust_file_is_searched() {
    assert_eq!(C::IN_THE_FOLDER, 5);
}

#[test]
fn a_safe_function_needs_no_unsafe() {
    assert_eq!(C::twice(4), 8);
}

#[test]
fn libraries_are_linked() {
    let (root, error) = cgo::with_errno(|| unsafe { C::sqrt(-1.0) });
    assert!(root.is_nan());
    // The functions of macOS set no `errno`.
    if !cfg!(target_vendor = "apple") {
        let number = error.and_then(|error| error.raw_os_error());
        assert_eq!(number, Some(33), "EDOM");
    }
}

#[test]
fn conditions_know_the_features_of_the_package() {
    let project = Project::new("features");
    let dependency = fs::read_to_string(project.path("Cargo.toml")).unwrap();
    project.manifest(&format!(
        "{dependency}\n[features]\nstats = []\nslow-path = []\n"
    ));
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
    #cgo cfg(feature = "stats") CFLAGS: -DSTATS=1
    #cgo stats && cfg(not(feature = "slow-path")) CFLAGS: -DFAST=2
    #cgo cfg(all(feature = "slow-path", debug_assertions)) CFLAGS: -DSLOW=4
    #ifndef STATS
    #define STATS 0
    #endif
    #ifndef FAST
    #define FAST 0
    #endif
    #ifndef SLOW
    #define SLOW 0
    #endif
}
fn main() { println!("{}", C::STATS + C::FAST + C::SLOW); }
"#,
    );
    for (arguments, value) in [
        ("run -q", "0\n"),
        ("run -q --features stats", "3\n"),
        ("run -q --all-features", "5\n"),
        ("run -q --release --all-features", "1\n"),
        ("run -q", "0\n"),
    ] {
        assert_eq!(project.cargo(arguments), value, "{arguments}");
    }
}

/// Rust has `target_abi = ""` where a target has no name for it.
#[test]
fn a_cfg_with_an_empty_value_is_that_of_rust() {
    cgo::c_preamble! {
        mod cfgs;
        #cgo cfg(target_abi = "") CFLAGS: -DABI=1
        #cgo cfg(not(target_abi = "")) CFLAGS: -DABI=2
        #cgo cfg(target_env = "") CFLAGS: -DENVIRONMENT=1
        #cgo cfg(not(target_env = "")) CFLAGS: -DENVIRONMENT=2
    }
    let number = |is_set| if is_set { 1 } else { 2 };
    assert_eq!(cfgs::ABI, number(cfg!(target_abi = "")));
    assert_eq!(cfgs::ENVIRONMENT, number(cfg!(target_env = "")));
}

#[test]
fn the_variables_of_cgo_are_read() {
    let project = Project::new("cgo_variables").with_own_target();
    project.file("src/main.rs", "cgo::c_preamble! {\n    #cgo CFLAGS: -DB=20\n    static int sum(void) { return A + B; }\n}\nfn main() { println!(\"{}\", unsafe { C::sum() }); }\n");
    for (value, sum) in [("-DA=1", "21\n"), ("-DA=2", "22\n")] {
        let output = project
            .command("run -q")
            .env("CGO_CFLAGS", value)
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            sum,
            "{}",
            support::said(&output)
        );
    }
}

#[test]
fn a_misspelled_condition_is_an_error() {
    let project = Project::new("misspelled_condition");
    for (condition, meant) in [("linxu", "linux"), ("cfg(target_os = \"linxu\")", "linux")] {
        let call =
            format!("cgo::c_preamble! {{\n    #cgo {condition} CFLAGS: -DX\n}}\nfn main() {{}}\n");
        project.file("src/main.rs", &call);
        let said = project.cargo_fails("check");
        let help = format!("help: a similar name exists: `{meant}`");
        assert!(
            said.contains(&help) && said.contains("--> src/main.rs:2:5"),
            "{said}"
        );
    }
}

const ADD: &str = "int add(int a, int b) { return a + b; }\n";

/// Builds `add` as a library of this kind in the project's folder `lib`.
fn library(project: &Project, shared: bool) {
    project.file("lib/add.c", ADD);
    let folder = project.path("lib");
    let mut compile = Command::new(c_compiler());
    compile.current_dir(&folder).args(["-fPIC", "add.c"]);
    if shared {
        run(compile.args(["-shared", "-Wl,-soname,libadd.so.1", "-o", "libadd.so"]));
    } else {
        run(compile.args(["-c", "-o", "add.o"]));
        run(Command::new("ar")
            .current_dir(&folder)
            .args(["rcs", "libadd.a", "add.o"]));
    }
}

#[test]
fn a_library_in_a_folder_of_the_crate() {
    for shared in [false, true] {
        let project = Project::new("in_folder");
        library(&project, shared);
        project.file("src/main.rs", "cgo::c_preamble! {\n    #cgo LDFLAGS: -L${SRCDIR}/../lib -ladd\n    int add(int a, int b);\n}\nfn main() { println!(\"{}\", unsafe { C::add(1, 2) }); }");
        assert_eq!(project.cargo("run -q"), "3\n", "shared: {shared}");
    }
}

fn has_pkg_config() -> bool {
    let found = Command::new("pkg-config").arg("--version").output().is_ok();
    if !found {
        println!("skipped: pkg-config is not installed");
    }
    found
}

#[test]
fn a_package_of_pkg_config() {
    if !has_pkg_config() {
        return;
    }
    let main = "cgo::c_preamble! {\n    #cgo pkg-config: added\n    #include <add.h>\n    static int all(void) { return add(FROM_PACKAGE, MORE); }\n}\nfn main() { println!(\"{}\", unsafe { C::all() }); }";
    let project = Project::new("packaged");
    library(&project, false);
    let folder = project.path("lib");
    project
        .file("lib/add.h", "int add(int a, int b);\n#define FROM_PACKAGE 1\n")
        .file("lib/added.pc", &format!("Name: added\nDescription: adds\nVersion: 1.2\nCflags: -I\"{0}\" -DMORE=4\nLibs: -L\"{0}\" -ladd\n", folder.display()))
        .file("src/main.rs", main);
    let project = project.with_variable("PKG_CONFIG_PATH", folder.to_str().unwrap());
    assert_eq!(project.cargo("run -q"), "5\n");

    // Its headers are the system's: a name of theirs is there when it is used, and their warnings are not shown.
    project.file(
        "lib/add.h",
        "int add(int a, int b);\nint other(int a);\n#define FROM_PACKAGE 1\nstatic char internal(void) { char *a = 1; return *a; }\n",
    );
    let said = project.command("build").output().unwrap();
    assert!(said.status.success() && !support::said(&said).contains("internal"));
    let dump = project.path("dump");
    let project = project.with_variable("CGO_DUMP", dump.to_str().unwrap());
    let bound = || {
        project.cargo("check");
        let folder = fs::read_dir(&dump).unwrap().flatten().next().unwrap();
        let module = fs::read_to_string(folder.path().join("module.rs")).unwrap();
        module.contains("fn other(")
    };
    assert!(!bound());
    project.file(
        "src/main.rs",
        &main.replace("C::all()", "C::all() + C::other(1)"),
    );
    assert!(bound());
}

/// As the `pkg-config` crate has it: of one package the archive, and of the other the shared library.
#[test]
fn the_archive_of_one_package() {
    if !has_pkg_config() {
        return;
    }
    let project = Project::new("one_archive");
    let folder = project.path("lib");
    let show = folder.display();
    for name in ["one-lib", "two"] {
        let function = name.replace('-', "_");
        let source = |value| format!("int {function}(void) {{ return {value}; }}\n");
        project
            .file(&format!("lib/{name}.c"), &source(1))
            .file(&format!("lib/shared-{name}.c"), &source(2))
            .file(&format!("lib/{name}.h"), &format!("int {function}(void);\n"))
            .file(
                &format!("lib/{name}.pc"),
                &format!("Name: {name}\nDescription: n\nVersion: 1\nCflags: -I\"{show}\"\nLibs: -L\"{show}\" -l{name}\n"),
            );
        let compiler = || {
            let mut compiler = Command::new(c_compiler());
            compiler.current_dir(&folder);
            compiler
        };
        run(compiler().args(["-c", &format!("{name}.c")]));
        run(Command::new("ar").current_dir(&folder).args([
            "rcs",
            &format!("lib{name}.a"),
            &format!("{name}.o"),
        ]));
        run(compiler().args([
            "-shared",
            "-fPIC",
            &format!("shared-{name}.c"),
            "-o",
            &format!("lib{name}.so"),
        ]));
    }
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    #cgo pkg-config: two one-lib\n    #include <one-lib.h>\n    #include <two.h>\n}\n\
         fn main() { println!(\"{}\", unsafe { 10 * C::one_lib() + C::two() }); }",
    );
    let project = project.with_variable("PKG_CONFIG_PATH", folder.to_str().unwrap());
    let says = |variables: &[&str]| {
        let mut cargo = project.command("run -q");
        run(cargo.envs(variables.iter().map(|name| (name, "1"))))
    };
    assert_eq!(says(&[]), "22\n");
    assert_eq!(says(&["ONE_LIB_STATIC"]), "12\n");
    assert_eq!(says(&["TWO_STATIC", "ONE_LIB_DYNAMIC"]), "21\n");
    assert_eq!(says(&["ONE_LIB_STATIC", "TWO_STATIC"]), "11\n");
    assert_eq!(says(&[]), "22\n");
}

/// As most crates that wrap a library do: the system's one if there is one, else a copy in the crate.
#[test]
fn a_package_or_sources_of_ones_own() {
    if !has_pkg_config() {
        return;
    }
    let project = Project::new("bundled");
    library(&project, false);
    let folder = project.path("lib");
    project.file("csrc/add.c", "int add(int a, int b) { return 100 * (a + b); }\n").file(
        "src/main.rs",
        "cgo::c_preamble! {\n    #cgo package(bundled >= 1.2) pkg-config: bundled\n    #cgo !package(bundled >= 1.2) SOURCES: ../csrc\n    \
         int add(int a, int b);\n}\nfn main() { println!(\"{}\", unsafe { C::add(1, 2) }); }\n",
    );
    let project = project.with_variable("PKG_CONFIG_PATH", folder.to_str().unwrap());
    assert_eq!(project.cargo("run -q"), "300\n");
    for (version, sum) in [("1.3", "3\n"), ("1.1", "300\n")] {
        let package = format!(
            "Name: bundled\nDescription: adds\nVersion: {version}\nLibs: -L\"{}\" -ladd\n",
            folder.display()
        );
        project.file("lib/bundled.pc", &package);
        project.cargo("clean -q -p bundled");
        assert_eq!(project.cargo("run -q"), sum, "{version}");
    }
}

#[test]
fn the_compiler_is_run_with_these_command_lines() {
    let project = Project::new("command_lines").with_own_target();
    let log = project.path("log");
    project.file(
        "fake-cc",
        &format!(
            "#!/bin/sh\necho \"$* \" >> {0:?}\nexec {1} \"$@\"\n",
            log,
            c_compiler()
        ),
    );
    let fake = project.path("fake-cc");
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let project = project.with_variable("CC", fake.to_str().unwrap());
    project.file("src/main.rs", "cgo::c_preamble! {\n    #cgo CFLAGS: -DA=1\n    static int one(void) { return A; }\n}\nfn main() { println!(\"{}\", unsafe { C::one() }); }");
    assert_eq!(project.cargo("run -q"), "1\n");

    let said = fs::read_to_string(&log).unwrap();
    let source = project.path("src").display().to_string();
    let is_clang = run(Command::new(c_compiler()).arg("--version")).contains("clang");
    let (caret, limit) = if is_clang {
        (
            "-fno-caret-diagnostics",
            "-ferror-limit=0 -Wno-unneeded-internal-declaration",
        )
    } else {
        ("-fno-diagnostics-show-caret", "-fmax-errors=0")
    };
    let header = project.linked_files("debug", "export-");
    let header = header[0].display();
    let common = match is_clang {
        true => format!("-I{source} -I{header} -DA=1 -fno-lto "),
        false => format!("-I{source} -I{header} -DA=1 -ffat-lto-objects "),
    };
    let messages = format!("-fdiagnostics-color=never -ftabstop=1 {caret} {limit}");
    // The runs that the `cc` crate makes to know the compiler come first; they do not name the folder.
    let runs: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once(common.as_str()))
        .map(|(_, rest)| rest.trim_end())
        .collect();
    assert_eq!(runs.len(), 3, "{said}");
    // The probe and the library are compiled at the same time. The probe is the one that warns.
    let flags = "-Wno-system-headers -gdwarf-5 -gz=none -fno-debug-types-section -fno-lto";
    let cheaper = match is_clang {
        true => "-fno-sanitize=cfi",
        false => "-fno-var-tracking -fno-var-tracking-assignments",
    };
    let probe = format!("{messages} {flags} {cheaper} -c -x c -o ");
    let library = format!("-w {messages} -c -x c -o ");
    let mut of_probe = runs.iter().filter(|run| run.starts_with(&probe));
    assert!(
        of_probe.any(|run| run.contains("/probe.o -isystem ")),
        "{said}"
    );
    // It also says where it looks for headers.
    assert_eq!(runs[0], format!("-w {messages} -E -dD -x c - -v"));
    let mut of_library = runs.iter().filter(|run| run.starts_with(&library));
    assert!(
        of_library.any(|run| run.ends_with("/preamble.o -")),
        "{said}"
    );

    // A second build of the same runs no compiler, and an edit of Rust alone runs none either.
    fs::remove_file(&log).unwrap();
    project.cargo("build");
    let text = fs::read_to_string(project.path("src/main.rs")).unwrap();
    project.file("src/main.rs", &format!("{text}// more\n"));
    assert_eq!(project.cargo("run -q"), "1\n");
    assert!(
        !log.exists(),
        "{}",
        fs::read_to_string(&log).unwrap_or_default()
    );
}
