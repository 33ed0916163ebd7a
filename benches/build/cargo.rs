//! Runs Cargo on a crate of the benchmark, and keeps the folder that all of them lie in.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::{Duration, Instant};

/// A folder that is gone when the benchmark ends, also after an error.
pub(crate) struct TemporaryFolder {
    pub(crate) path: PathBuf,
}

impl TemporaryFolder {
    pub(crate) fn create() -> Result<TemporaryFolder, String> {
        let path = env::temp_dir().join(format!("cgo-bench-{}", process::id()));
        fs::create_dir_all(&path)
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(TemporaryFolder { path })
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("cannot remove {}: {error}", self.path.display());
        }
    }
}

/// A crate on disk, and where Cargo puts what it builds of it.
pub(crate) struct Crate {
    pub(crate) folder: PathBuf,
    pub(crate) target: PathBuf,
}

impl Crate {
    /// Writes the manifest; the crate is a workspace of its own wherever the folder lies.
    pub(crate) fn create(
        folder: PathBuf,
        target: PathBuf,
        name: &str,
        dependencies: &str,
    ) -> Result<Crate, String> {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{dependencies}\n[workspace]\n"
        );
        let made = Crate { folder, target };
        made.write("Cargo.toml", &manifest)?;
        Ok(made)
    }

    /// A library with these files, built once: what only the first build does is not measured.
    pub(crate) fn built_library(
        parent: &Path,
        target: &Path,
        name: &str,
        dependencies: &str,
        files: &[(&str, String)],
    ) -> Result<Crate, String> {
        let made = Crate::create(parent.join(name), target.to_path_buf(), name, dependencies)?;
        for (file, text) in files {
            made.write(file, text)?;
        }
        made.fetch()?;
        made.time("build")?;
        Ok(made)
    }

    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let file = self.folder.join(file);
        let folder = file.parent().unwrap_or(Path::new("."));
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
        written.map_err(|error| format!("cannot write {}: {error}", file.display()))
    }

    /// Downloads what is not there yet, so that no download is measured.
    pub(crate) fn fetch(&self) -> Result<(), String> {
        let offline = self.run(self.cargo(&["fetch", "--offline"]));
        offline
            .or_else(|_| self.run(self.cargo(&["fetch"])))
            .map(|_| ())
    }

    /// How long `cargo build` or `cargo check` takes.
    pub(crate) fn time(&self, subcommand: &str) -> Result<Duration, String> {
        self.time_command(self.cargo(&[subcommand, "--offline"]))
    }

    /// How long a build into an empty folder takes. It is made without what only speeds up later builds: Cargo leaves
    /// that out for dependencies from a registry, which a user's are, and here some are folders.
    pub(crate) fn time_clean_build(&self, target: &Path) -> Result<Duration, String> {
        let mut command = self.cargo(&["build", "--offline"]);
        command
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0");
        self.time_command(command)
    }

    /// Finding nothing to do is an error: the edit was lost.
    fn time_command(&self, command: Command) -> Result<Duration, String> {
        let start = Instant::now();
        let said = self.run(command)?;
        let duration = start.elapsed();
        let worked = ["Compiling", "Checking"]
            .iter()
            .any(|word| said.contains(word));
        match worked {
            true => Ok(duration),
            false => Err(format!(
                "Cargo did not see the edit in {}",
                self.folder.display()
            )),
        }
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            // Would put the program into another folder, and build for another machine.
            .env_remove("CARGO_BUILD_TARGET")
            // Where it is set, Cargo records a backtrace of errors that it gets over, some for each dependency.
            .env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs Cargo and returns what it said.
    fn run(&self, mut command: Command) -> Result<String, String> {
        let output = command
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.success() {
            true => Ok(said),
            false => Err(format!("{command:?} failed:\n{said}")),
        }
    }
}
