//! Small crates in a temporary folder, driven by the real cargo.

#![allow(dead_code)] // Each test file uses a part.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A package that a test writes and builds; its folder goes with it.
pub struct Project {
    folder: PathBuf,
    target: PathBuf,
    environment: Vec<(String, String)>,
}

impl Project {
    /// A package named `name` that depends on cgo. All packages share one target folder, so that cgo is built once.
    pub fn new(name: &str) -> Project {
        Project::in_folder(name, name)
    }

    /// The same in a folder of another name.
    pub fn in_folder(name: &str, folder: &str) -> Project {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("projects-{}-{count}", std::process::id()));
        let project = Project {
            folder: parent.join(folder),
            target: Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared"),
            environment: Vec::new(),
        };
        project.file("Cargo.toml", &manifest(name, "2024", ""));
        project
    }

    /// A target folder of its own, for tests that look into it or break it.
    pub fn with_own_target(mut self) -> Project {
        self.target = self.folder.join("target");
        self
    }

    /// A change of the variables that the tools follow has Cargo build the runtime again: a project with one of them must not
    /// share its target folder.
    pub fn with_variable(mut self, name: &str, value: &str) -> Project {
        self.environment.push((name.to_string(), value.to_string()));
        let of_tools = ["CC", "CFLAGS", "PKG_CONFIG"];
        match of_tools.iter().any(|tool| name.starts_with(tool)) {
            true => self.with_own_target(),
            false => self,
        }
    }

    pub fn manifest(&self, text: &str) -> &Project {
        self.file("Cargo.toml", text)
    }

    pub fn file(&self, path: &str, text: &str) -> &Project {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where cgo is built for this project alone, it is built without what the project has no use for: syn takes longer than the engine.
    fn wants_no_more_than_it_uses(&self) {
        let whole = format!("rust-cgo = {{ path = {:?} }}", env!("CARGO_MANIFEST_DIR"));
        let lean = whole.replace(" }", ", default-features = false, features = [\"std\"] }");
        let file = self.folder.join("Cargo.toml");
        let manifest = fs::read_to_string(&file).unwrap_or_default();
        let (from, to) = match says(&self.folder, "export_c") {
            true => (&lean, &whole),
            false => (&whole, &lean),
        };
        if self.target.starts_with(&self.folder) && manifest.contains(from) {
            fs::write(file, manifest.replace(from, to)).unwrap();
        }
    }

    /// cargo in the package's folder, not started yet.
    pub fn command(&self, arguments: &str) -> Command {
        self.wants_no_more_than_it_uses();
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments.split_whitespace())
            .arg("--offline")
            .current_dir(&self.folder);
        command
            .env("CARGO_TARGET_DIR", &self.target)
            // As Cargo builds what is no folder of the user's.
            .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_INCREMENTAL", "false")
            .env_remove("CARGO_INCREMENTAL")
            .env_remove("RUSTFLAGS")
            .env("CARGO_TERM_COLOR", "never");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs cargo, which must succeed, and gives its standard output.
    pub fn cargo(&self, arguments: &str) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "cargo {arguments}:\n{}",
            said(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs cargo, which must fail, and gives its messages.
    pub fn cargo_fails(&self, arguments: &str) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(
            !output.status.success(),
            "cargo {arguments} should fail:\n{}",
            said(&output)
        );
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// What cargo says it compiles: empty where all is fresh.
    pub fn compiled(&self, arguments: &str) -> Vec<String> {
        let output = self.command(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "cargo {arguments}:\n{}",
            said(&output)
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let lines = said.lines().filter_map(|line| {
            line.trim()
                .strip_prefix("Compiling ")
                .or(line.trim().strip_prefix("Checking "))
        });
        lines
            .map(|line| line.split(' ').next().unwrap().to_string())
            .collect()
    }

    /// The link directory that cgo's build script made in this project's own target folder.
    pub fn link_directory(&self, profile: &str) -> PathBuf {
        let build = self.target.join(profile).join("build");
        let mut found = fs::read_dir(build)
            .unwrap()
            .flatten()
            .map(|entry| entry.path().join("out/link"))
            .filter(|path| path.is_dir());
        found
            .next()
            .expect("the runtime's build script has made a link directory")
    }

    /// The files in the link directory whose names start so.
    pub fn linked_files(&self, profile: &str, start: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.link_directory(profile))
            .unwrap()
            .flatten()
            .map(|entry| entry.path());
        entries
            .filter(|path| {
                path.file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .starts_with(start)
            })
            .collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.folder.parent().unwrap());
    }
}

/// A manifest with cgo as its one dependency, and more text after it.
pub fn manifest(name: &str, edition: &str, more: &str) -> String {
    let cgo = env!("CARGO_MANIFEST_DIR");
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n[workspace]\n\n[dependencies]\nrust-cgo = {{ path = {cgo:?} }}\n{more}"
    )
}

/// Whether a Rust file below this folder holds a word; what Cargo has made is none of them.
fn says(folder: &Path, word: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| match path.is_dir() {
            true => path.file_name().is_some_and(|name| name != "target") && says(&path, word),
            false => {
                path.extension().is_some_and(|extension| extension == "rs")
                    && fs::read_to_string(path).is_ok_and(|text| text.contains(word))
            }
        })
}

pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a program, which must succeed, and gives its standard output.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}:\n{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The C compiler that the tests run with.
pub fn c_compiler() -> String {
    std::env::var("CC").unwrap_or_else(|_| "cc".to_string())
}

/// Whether a program can be run; says that the test is skipped where not.
pub fn installed(program: &str) -> bool {
    // rustup has a program of the name for what a toolchain does not have.
    let version = Command::new(program).arg("--version").output();
    let there = version.is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: {program} is not installed");
    }
    there
}

/// The 95 of Rust 1.95, for what only newer ones can.
pub fn rustc_minor_version() -> u32 {
    let version = run(Command::new("rustc").arg("--version"));
    let minor = version.split('.').nth(1).and_then(|text| text.parse().ok());
    minor.expect("the version of rustc")
}
