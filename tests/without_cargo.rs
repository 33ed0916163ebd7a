//! rustc alone, as Bazel, Buck2 and Meson start it: no build script is known, and the sources cannot be written.

mod support;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use support::{Project, run, said};

const LIBRARY: &str = r#"
cgo::c_preamble! {
    #cgo CFLAGS: -DSTEP=2
    #include "_cgo_export.h"
    static int next(int n) { return more(n) + STEP; }
}

#[cgo::export_c]
fn more(n: std::ffi::c_int) -> std::ffi::c_int {
    n + 10
}

pub fn after(n: i32) -> i32 {
    unsafe { C::next(n) }
}
"#;

const PROGRAM: &str = r#"
cgo::c_preamble! { static int twice(int n) { return 2 * n; } }

fn main() {
    println!("{}", unsafe { C::twice(steps::after(30)) });
}
"#;

/// A tree of sources that nobody may write to, and what cargo has made of cgo.
struct Tree {
    project: Project,
    cgo: PathBuf,
}

impl Tree {
    fn new(name: &str) -> Tree {
        let project = Project::new(name);
        project.file("src/lib.rs", "");
        let built = project.cargo("build -q --message-format=json");
        let mut words = built.split('"');
        let cgo = words.rfind(|word| word.contains("/libcgo-") && word.ends_with(".rlib"));
        let cgo = PathBuf::from(cgo.expect("the library of cgo"));
        project.file("tree/steps.rs", LIBRARY);
        project.file("tree/main.rs", PROGRAM);
        let read_only = Permissions::from_mode(0o555);
        fs::set_permissions(project.path("tree"), read_only).unwrap();
        Tree { project, cgo }
    }

    /// rustc in the tree, with nothing in its environment that cargo sets.
    fn rustc(&self, arguments: &str) -> Command {
        let mut rustc = Command::new("rustc");
        let variables = std::env::vars_os().filter(|(name, _)| {
            let name = name.to_string_lossy();
            !name.starts_with("CARGO") && !name.starts_with("CGO") && !name.starts_with("RUSTC")
        });
        rustc
            .env_clear()
            .envs(variables)
            .current_dir(self.project.path("tree"))
            .args(["--edition=2024", "--extern"])
            .arg(format!("cgo={}", self.cgo.display()))
            .arg("-L")
            .arg(format!(
                "dependency={}",
                self.cgo.parent().unwrap().display()
            ))
            .args(arguments.split_whitespace());
        rustc
    }

    /// When each file and folder of the tree was changed.
    fn state(&self) -> BTreeMap<PathBuf, SystemTime> {
        let folder = self.project.path("tree");
        let entries = fs::read_dir(&folder).unwrap().flatten();
        let paths = entries.map(|entry| entry.path()).chain([folder]);
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        paths.map(|path| (path.clone(), modified(&path))).collect()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // So that the project can remove it.
        let _ = fs::set_permissions(self.project.path("tree"), Permissions::from_mode(0o755));
    }
}

fn fails(command: &mut Command) -> String {
    let output: Output = command.output().unwrap();
    assert!(!output.status.success(), "{}", said(&output));
    said(&output)
}

#[test]
fn a_program_from_a_tree_that_cannot_be_written() {
    let tree = Tree::new("plain_rustc");
    let before = tree.state();
    let host = run(Command::new("rustc").arg("--print=host-tuple"));
    let links = tree.project.path("links");
    let build = |arguments: &str| {
        let mut rustc = tree.rustc(arguments);
        rustc.env("CGO_LINK_DIRECTORY", &links);
        rustc.arg(format!("-Lnative={}", links.display()));
        rustc.arg(format!("--target={}", host.trim()));
        run(rustc.arg("--out-dir").arg(tree.project.path("")))
    };
    build("--crate-type=rlib --codegen=opt-level=1 steps.rs");
    // The object is bundled: the next crate needs no file of the folder.
    fs::remove_dir_all(&links).unwrap();
    let steps = tree.project.path("libsteps.rlib");
    build(&format!("--extern=steps={} -O main.rs", steps.display()));
    assert_eq!(run(&mut Command::new(tree.project.path("main"))), "84\n");
    assert_eq!(tree.state(), before);
}

#[test]
fn without_a_folder_only_a_check_succeeds() {
    let tree = Tree::new("no_folder");
    let into = format!(
        "--crate-type=rlib steps.rs -o {}",
        tree.project.path("out").display()
    );
    let said = fails(&mut tree.rustc(&into));
    assert!(said.contains("--> steps.rs:2:1"), "{said}");
    assert!(
        said.contains("set the environment variable CGO_LINK_DIRECTORY"),
        "{said}"
    );
    run(&mut tree.rustc(&format!("--emit=metadata {into}")));
}

#[test]
fn a_folder_that_rustc_does_not_search_is_an_error() {
    let tree = Tree::new("not_searched");
    let mut rustc = tree.rustc("--crate-type=rlib steps.rs");
    let said = fails(rustc.env("CGO_LINK_DIRECTORY", "/nowhere/links"));
    assert!(
        said.contains("help: give rustc `-L native=/nowhere/links`"),
        "{said}"
    );
}

/// Meson learns from rustc which files a program was made of: a changed header has it compile again.
#[test]
fn a_program_of_meson() {
    if !support::installed("meson") || !support::installed("ninja") {
        return;
    }
    let tree = Tree::new("meson");
    let dependencies = tree.cgo.parent().unwrap().display().to_string();
    let main = "cgo::c_preamble! {\n    #include \"one.h\"\n    static int more(int n) { return n + ONE; }\n}\n\
                fn main() { println!(\"{}\", unsafe { C::more(40) }); }\n";
    tree.project.file("meson/main.rs", main).file(
        "meson/meson.build",
        &format!(
            "project('greet', 'rust', default_options: ['rust_std=2021'])\n\
             executable('greet', 'main.rs', rust_args: ['--extern', 'cgo={}', '-L', 'dependency={dependencies}', \
             '-L', 'native=' + meson.current_build_dir() / 'links'])\n",
            tree.cgo.display()
        ),
    );
    let build = tree.project.path("meson/build");
    run(Command::new("meson")
        .args(["setup", "build"])
        .current_dir(tree.project.path("meson")));
    for (header, says) in [("#define ONE 1\n", "41\n"), ("#define ONE 2\n", "42\n")] {
        tree.project.file("meson/one.h", header);
        let mut meson = Command::new("meson");
        meson.args(["compile", "-C"]).arg(&build);
        run(meson.env("CGO_LINK_DIRECTORY", build.join("links")));
        assert_eq!(run(&mut Command::new(build.join("greet"))), says);
    }
}

/// Nothing has the folder forget what a build before made of other variables.
#[test]
fn a_variable_of_the_compiler_is_followed() {
    let tree = Tree::new("variable");
    let links = tree.project.path("links");
    let step = |flags: &str| {
        let arguments = "--crate-type=rlib --crate-name=steps steps.rs";
        let mut rustc = tree.rustc(arguments);
        rustc.env("CGO_LINK_DIRECTORY", &links).env("CFLAGS", flags);
        rustc.arg(format!("-Lnative={}", links.display()));
        rustc.arg("--out-dir").arg(tree.project.path(""));
        rustc.output().unwrap().status.success()
    };
    assert!(step(""));
    assert!(!step("-include /nowhere.h"));
    assert!(step(""));
}
