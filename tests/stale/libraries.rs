//! Libraries of `LDFLAGS` and of packages.

use std::fs;

use crate::library;
use crate::support::{Project, installed, manifest};

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
    // For another machine at first, where the linker goes on to the next folder.
    library(&project, "first/libmore.a", 7, &[]);
    let file = project.path("first/libmore.a");
    let archive = fs::read(&file).unwrap();
    fs::write(&file, of_another_machine(&archive)).unwrap();
    runs(7, "2\n");
    fs::write(&file, archive).unwrap();
    runs(8, "7\n");
}

/// The archive with the machine of the AVR in its object.
fn of_another_machine(archive: &[u8]) -> Vec<u8> {
    let mut archive = archive.to_vec();
    let mut starts = archive.windows(4);
    let object = starts.position(|start| start == b"\x7fELF").unwrap();
    archive[object + 18..][..2].copy_from_slice(&[83, 0]);
    archive
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

#[test]
fn libraries_are_there_also_where_nothing_is_linked() {
    let project = Project::new("dep_info").with_own_target();
    library(&project, "lib/libmore.so", 3, &["-Wl,-soname,libmore.so.1"]);
    program_with(&project, "-L${SRCDIR}/../lib -lmore", 0);
    project.cargo("check");
    assert_eq!(project.linked_files("debug", "libcgolink_").len(), 1);
}
