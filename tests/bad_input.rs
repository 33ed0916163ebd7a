//! What goes wrong outside the C text: one clear error, and a target folder that the next build can use.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use support::{Project, run};

const GOOD: &str = "cgo::c_preamble! { static int one(void) { return 1; } }\nfn main() { println!(\"{}\", unsafe { C::one() }); }\n";

/// An executable script in the project's folder.
fn script(project: &Project, name: &str, text: &str) -> PathBuf {
    project.file(name, &format!("#!/bin/sh\n{text}\n"));
    let path = project.path(name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn no_compiler() {
    let project = Project::new("no_compiler").with_variable("CC", "no-such-compiler-here");
    project.file("src/main.rs", GOOD);
    let said = project.cargo_fails("build");
    assert!(
        said.contains("no C compiler: `no-such-compiler-here` was not found"),
        "{said}"
    );
    assert!(
        said.contains("apt install gcc") && said.contains("CC"),
        "{said}"
    );
    assert_eq!(said.matches("no C compiler").count(), 1, "{said}");
}

#[test]
fn no_compiler_for_a_source() {
    for (variable, file, language) in [("CXX", "a.cc", "C++"), ("FC", "a.f90", "Fortran")] {
        let project = Project::new("no_other_compiler").with_variable(variable, "none-here");
        project.file(
            "src/main.rs",
            &GOOD.replace("{ ", &format!("{{\n#cgo SOURCES: {file}\n")),
        );
        project.file(&format!("src/{file}"), "");
        let said = project.cargo_fails("build");
        let expected = format!("no {language} compiler: `none-here` was not found");
        assert!(
            said.contains(&expected) && said.contains(variable),
            "{said}"
        );
    }
}

#[test]
fn a_compiler_that_crashes() {
    let project = Project::new("crashes");
    let broken = script(
        &project,
        "broken-cc",
        "echo 'internal trouble' >&2\nkill -SEGV $$",
    );
    let project = project.with_variable("CC", broken.to_str().unwrap());
    project.file("src/main.rs", GOOD);
    let said = project.cargo_fails("build");
    assert!(
        said.contains("failed (signal: 11") && said.contains("internal trouble"),
        "{said}"
    );
}

/// The `cc` crate takes what it does not know for gcc.
#[test]
fn a_compiler_that_is_neither_gcc_nor_clang_is_named() {
    let project = Project::new("other_compiler");
    let other = script(
        &project,
        "other-cc",
        "exec cc \"$@\" -U__GNUC__ -U__clang__ -U__VERSION__",
    );
    let project = project.with_variable("CC", other.to_str().unwrap());
    project.file("src/main.rs", GOOD);
    let said = project.cargo_fails("check -q");
    let expected = format!(
        "the C compiler `{}` is neither gcc nor clang",
        other.display()
    );
    assert!(said.contains(&expected), "{said}");
}

/// Some make code that brings the compiler down, which then says neither which nor where.
#[test]
fn a_compiler_that_crashes_on_some_functions() {
    let project = Project::new("breaks_down");
    let text = r#"for a in "$@"; do last=$a; done
[ "$last" = - ] || exec cc "$@"
text=$(mktemp)
cat >"$text"
if grep -qE 'alias[_]*."(bad|worse)"' "$text"; then
    echo 'Stack dump: it went wrong' >&2
    code=139
else
    cc "$@" <"$text"
    code=$?
fi
rm "$text"
exit $code"#;
    let fragile = script(&project, "fragile-cc", text);
    let project = project.with_variable("CC", fragile.to_str().unwrap());
    let program = "cgo::c_preamble! {\n    static int first(void) { return 1; }\n    static int bad(void) { return 2; }\n    \
                   static int good(void) { return 3; }\n    static int worse(void) { return 4; }\n}\n\
                   fn main() { println!(\"{}\", unsafe { C::first() + C::good() }); }\n";
    project.file("src/main.rs", program);
    assert_eq!(project.cargo("run -q"), "4\n");
    project.file("src/main.rs", &program.replace("C::good", "C::worse"));
    let said = project.cargo_fails("build");
    assert!(
        said.contains("`worse` of C is not bound") && said.contains("the compiler crashes on it"),
        "{said}"
    );
}

/// As clang 14 is by the address of a variable that is relative to a segment register.
#[test]
fn a_compiler_that_crashes_on_some_variables() {
    let project = Project::new("breaks_down_early");
    let text = r#"for a in "$@"; do
    if [ "$last" = -isystem ] && grep -qE '&(bad|worse),' "$a/cgo-probe"; then
        echo 'Stack dump: it went wrong' >&2
        exit 139
    fi
    last=$a
done
exec cc "$@""#;
    let fragile = script(&project, "fragile-cc", text);
    let project = project.with_variable("CC", fragile.to_str().unwrap());
    let program = "cgo::c_preamble! {\n    int first = 1, bad, good = 3, worse;\n}\n\
                   fn main() { println!(\"{}\", unsafe { C::first + C::good }); }\n";
    project.file("src/main.rs", program);
    assert_eq!(project.cargo("run -q"), "4\n");
    project.file(
        "src/main.rs",
        &program.replace("C::first", "C::worse + C::bad"),
    );
    let said = project.cargo_fails("build");
    for name in ["worse", "bad"] {
        assert!(
            said.contains(&format!(
                "`{name}` of C is not bound: the compiler crashes on it"
            )),
            "{said}"
        );
    }
}

#[test]
fn a_compiler_killed_on_the_way_leaves_nothing_behind() {
    let project = Project::new("killed").with_own_target();
    // The third run, which compiles for linking, writes half a file and dies.
    let count = project.path("count");
    let text = format!(
        "for a in \"$@\"; do [ \"$p\" = -o ] && out=$a; p=$a; done\ncase \"$out\" in *preamble.o) [ -e {count:?} ] || {{ echo half > \"$out\"; touch {count:?}; kill -KILL $$; }} ;; esac\nexec cc \"$@\""
    );
    let fragile = script(&project, "fragile-cc", &text);
    let project = project.with_variable("CC", fragile.to_str().unwrap());
    project.file("src/main.rs", GOOD);
    let said = project.cargo_fails("build");
    assert!(said.contains("signal: 9"), "{said}");
    assert_eq!(
        project.linked_files("debug", "libcgo_").len()
            + project.linked_files("debug", "tmp-").len(),
        0
    );
    assert_eq!(project.cargo("run -q"), "1\n");
}

#[test]
fn a_target_folder_that_cannot_be_written() {
    let project = Project::new("read_only").with_own_target();
    project.file("src/main.rs", GOOD);
    project.cargo("build");
    let folder = project.link_directory("debug");
    // A file where the folder was fails for every user; permissions would not stop root.
    fs::rename(&folder, folder.with_extension("away")).unwrap();
    fs::write(&folder, "").unwrap();
    project.file("src/main.rs", &GOOD.replace('1', "2"));
    let said = project.cargo_fails("build");
    assert!(
        said.contains("cannot write") && said.contains(folder.to_str().unwrap()),
        "{said}"
    );
    fs::remove_file(&folder).unwrap();
    fs::rename(folder.with_extension("away"), &folder).unwrap();
    assert_eq!(project.cargo("run -q"), "2\n");
}

#[test]
fn a_full_disk() {
    let mounted =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("full-{}", std::process::id()));
    fs::create_dir_all(&mounted).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(&mounted)
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        println!("skipped: a small file system can be mounted only by root");
        let _ = fs::remove_dir(&mounted);
        return;
    }
    let project = Project::new("full_disk").with_own_target();
    project.file("src/main.rs", GOOD);
    project.cargo("build");
    let folder = project.link_directory("debug");
    for file in project.linked_files("debug", "cgo-link-directory") {
        fs::copy(&file, mounted.join("cgo-link-directory")).unwrap();
    }
    let kept = folder.with_extension("kept");
    fs::rename(&folder, &kept).unwrap();
    std::os::unix::fs::symlink(&mounted, &folder).unwrap();
    let _ = fs::write(mounted.join("filler"), vec![0u8; 2 << 20]);
    project.file("src/main.rs", &GOOD.replace('1', "2"));
    let said = project.command("build").output().unwrap();
    let said = support::said(&said);
    fs::remove_file(mounted.join("filler")).unwrap();
    let built = project.command("run -q").output().unwrap();
    run(Command::new("umount").arg(&mounted));
    fs::remove_dir(&mounted).unwrap();
    assert!(said.contains("No space left on device"), "{said}");
    assert_eq!(
        String::from_utf8_lossy(&built.stdout),
        "2\n",
        "{}",
        support::said(&built)
    );
}

#[test]
fn a_header_that_is_not_utf8() {
    let project = Project::new("latin");
    project.file("src/main.rs", "cgo::c_preamble! {\n#include \"latin.h\"\n}\nfn main() { println!(\"{}\", unsafe { C::one() }); }");
    fs::write(project.path("src/latin.h"), b"/* caf\xe9 */ static const char *cafe = \"caf\xe9\"; static int one(void) { return cafe[3] != 0; }\n").unwrap();
    assert_eq!(project.cargo("run -q"), "1\n");
}

#[test]
fn a_large_preamble() {
    let project = Project::new("large");
    let comment =
        "    // A line of a long comment, as generated headers have them.\n".repeat(16_000);
    project.file("src/main.rs", &format!("cgo::c_preamble! {{\n{comment}    static int one(void) {{ return 1; }}\n}}\nfn main() {{ println!(\"{{}}\", unsafe {{ C::one() }}); }}"));
    assert!(fs::metadata(project.path("src/main.rs")).unwrap().len() > 1_000_000);
    assert_eq!(project.cargo("run -q"), "1\n");
}

#[test]
fn an_empty_preamble() {
    let project = Project::new("empty");
    project.file("src/main.rs", "cgo::c_preamble! {}\nfn main() { let s = C::CString(\"x\"); println!(\"{}\", unsafe { C::GoString(s) }); }");
    assert_eq!(project.cargo("run -q"), "x\n");
}

#[test]
fn a_package_that_pkg_config_does_not_know() {
    let project = Project::new("no_package");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    #cgo pkg-config: no-such-package-here\n}\nfn main() {}\n",
    );
    let said = project.cargo_fails("build");
    assert!(
        said.contains("no-such-package-here") && said.contains("src/main.rs:2:"),
        "{said}"
    );
}

#[test]
fn a_missing_header_is_shown_at_its_include() {
    let project = Project::new("no_header");
    project.file("src/main.rs", "cgo::c_preamble! {\n    #include <stdio.h>\n    #include <no_such_header.h>\n}\nfn main() {}\n");
    let said = project.cargo_fails("build");
    assert!(
        said.contains("no_such_header.h") && said.contains("src/main.rs:3:"),
        "{said}"
    );
    assert_eq!(
        said.matches("error:").count(),
        2,
        "the compiler's and cargo's own:\n{said}"
    );
}
