//! Packages of pkg-config, the compiler and the programs behind it, and their variables.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::{Project, c_compiler, installed, run};
use crate::{Asked, script};

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

/// The pkg-config of freedesktop.org takes them for variables of the package's file, and `cc` for how CFLAGS is written.
#[test]
fn variables_of_a_package_and_of_how_flags_are_written() {
    if !installed("pkg-config") {
        return;
    }
    let name = "stale_variables";
    let project = Project::new(name).with_own_target();
    let (tool, packages) = (project.path("bin/tool"), project.path("packages"));
    script(
        &tool,
        "exec pkg-config ${PKG_CONFIG_STALE_NUMBER:+--define-variable=number=$PKG_CONFIG_STALE_NUMBER} \"$@\"",
    );
    let project = project
        .with_variable("PKG_CONFIG", &tool.display().to_string())
        .with_variable("PKG_CONFIG_PATH", &packages.display().to_string())
        .with_variable("CFLAGS", "-DADDED='7'");
    let mut asked = Asked::new(
        project,
        name,
        "#cgo pkg-config: stale\n#define V (PACKAGE + ADDED)",
    );
    asked.file(
        "packages/stale.pc",
        "number=100\nName: p\nDescription: p\nVersion: 1\nCflags: -DPACKAGE=${number}\n",
    );
    asked.says(100 + i32::from(b'7'));
    let with = |asked: Asked, name: &str, value: &str| Asked {
        project: asked.project.with_variable(name, value),
        ..asked
    };
    asked = with(asked, "CC_SHELL_ESCAPED_FLAGS", "1");
    asked.still_says(107);
    // Cargo does not know which variables such a package has, until one is set.
    asked = with(asked, "PKG_CONFIG_STALE_NUMBER", "200");
    asked.says(207);
    asked = with(asked, "PKG_CONFIG_STALE_NUMBER", "300");
    asked.still_says(307);
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
