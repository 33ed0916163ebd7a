//! The builds: one in the target folder of the edits, and one in a target folder where only cgo is built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a build is told, besides the files.
pub(crate) struct Settings {
    pub(crate) release: bool,
    pub(crate) feature: bool,
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// What a build and its program say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    output: String,
    messages: Vec<String>,
}

impl Said {
    /// Whether this package did not compile.
    pub(crate) fn failed(&self, package: &str) -> bool {
        let start = format!("error: could not compile `{package}`");
        self.messages.iter().any(|line| line.starts_with(&start))
    }
}

/// The folder of the project, with the target folders beside it.
pub(crate) struct Builds(pub(crate) PathBuf);

impl Builds {
    pub(crate) fn check(&self, settings: &Settings) -> io::Result<Output> {
        self.cargo("check", "outer", settings, "edited")
    }

    /// Of the edited project, in the target folder of all edits.
    pub(crate) fn edited(&self, settings: &Settings) -> io::Result<Said> {
        self.run(settings, "edited")
    }

    pub(crate) fn clean(&self, settings: &Settings) -> io::Result<Said> {
        self.begin(settings, "clean")?;
        self.run(settings, "clean")
    }

    /// Makes a target folder anew, in which cgo alone is built.
    pub(crate) fn begin(&self, settings: &Settings, target: &str) -> io::Result<()> {
        let built = self.cargo("build", "rust-cgo", settings, "cgo")?;
        if !built.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&built.stderr)));
        }
        let to = self.0.join(target);
        remove(&to)?;
        fs::create_dir_all(&to)?;
        let profile = if settings.release { "release" } else { "debug" };
        let from = self.0.join("cgo").join(profile);
        match Command::new("cp")
            .arg("-a")
            .args([from, to])
            .status()?
            .success()
        {
            true => Ok(()),
            false => Err(io::Error::other("cp fails")),
        }
    }

    fn run(&self, settings: &Settings, target: &str) -> io::Result<Said> {
        let output = self.cargo("run", "outer", settings, target)?;
        let target = self.0.join(target).display().to_string();
        let messages = String::from_utf8_lossy(&output.stderr).replace(&target, "TARGET");
        let lines = messages.lines();
        // The linker names files by a hash, and says what it lacks in the order of threads.
        let lines = lines.take_while(|line| !line.starts_with("error: linking with"));
        let mut messages: Vec<String> = lines.map(str::to_string).collect();
        messages.sort();
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(Said { output, messages })
    }

    fn cargo(
        &self,
        verb: &str,
        package: &str,
        settings: &Settings,
        target: &str,
    ) -> io::Result<Output> {
        let mut command = Command::new("cargo");
        command
            .args([verb, "-p", package, "--quiet", "--offline"])
            .args(settings.release.then_some("--release"))
            .current_dir(self.0.join("project"))
            .env("CARGO_TARGET_DIR", self.0.join(target))
            .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_INCREMENTAL", "false")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_INCREMENTAL")
            .envs(settings.variables.iter().map(|(name, value)| (name, value)));
        if settings.feature && package == "outer" {
            command.args(["--features", "inner/extra"]);
        }
        command.output()
    }
}

pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    match folder.exists() {
        true => fs::remove_dir_all(folder),
        false => Ok(()),
    }
}
