//! Files of the link directory after a crash, and what others keep of a crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::library;
use crate::support::{Project, installed, run, said};

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
