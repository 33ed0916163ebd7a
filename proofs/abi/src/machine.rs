//! The machine that the programs are for: this one, or another one with its compiler, and what runs its programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use cgo_driver::{Target, this_machine};

pub(crate) struct Machine {
    pub(crate) target: Target,
    pub(crate) foreign: bool,
}

impl Machine {
    pub(crate) fn of(triple: Option<&str>) -> Result<Machine, String> {
        let target = match triple {
            Some(triple) => target(triple)?,
            None => this_machine(),
        };
        Ok(Machine {
            target,
            foreign: triple.is_some(),
        })
    }

    /// C has `__int128` where a register has 64 bits.
    pub(crate) fn has_int128(&self) -> bool {
        self.target.pointer_width == 64
    }

    pub(crate) fn has_64_bit_atomics(&self) -> bool {
        self.target.atomic_widths.contains(&64)
    }

    /// Microsoft's are all as large as an `int`.
    pub(crate) fn has_enumerations_of_all_sizes(&self) -> bool {
        self.target.env != "msvc"
    }

    pub(crate) fn has_system(&self) -> bool {
        self.target.os != "none"
    }

    /// The compiler, and the target if it is another one.
    pub(crate) fn name(&self) -> String {
        let compiler = env::var("CC").ok();
        match (self.foreign, compiler) {
            (false, compiler) => compiler.unwrap_or("cc".to_string()),
            (true, None) => self.target.triple.clone(),
            (true, Some(compiler)) => format!("{compiler} {}", self.target.triple),
        }
    }

    /// A folder for its programs.
    pub(crate) fn folder(&self) -> String {
        self.name().replace([' ', '/'], "-")
    }

    pub(crate) fn program(&self, folder: &Path, name: &str) -> PathBuf {
        let built = match self.foreign {
            true => folder.join("target").join(&self.target.triple),
            false => folder.join("target"),
        };
        let suffix = match self.target.os.as_str() {
            "windows" => ".exe",
            "wasi" => ".wasm",
            _ => "",
        };
        built.join("debug").join(format!("{name}{suffix}"))
    }

    /// The program's command, behind Cargo's runner for the target.
    pub(crate) fn run(&self, program: &Path) -> Command {
        let target = self.target.triple.to_uppercase().replace('-', "_");
        let runner = env::var(format!("CARGO_TARGET_{target}_RUNNER")).unwrap_or_default();
        let mut words = runner.split_whitespace();
        match words.next().filter(|_| self.foreign) {
            Some(runner) => {
                let mut command = Command::new(runner);
                command.args(words).arg(program);
                command
            }
            None => Command::new(program),
        }
    }
}

/// What rustc knows of a target.
fn target(triple: &str) -> Result<Target, String> {
    let output = Command::new("rustc")
        .args(["--print", "cfg", "--target", triple])
        .output()
        .map_err(|error| format!("rustc cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let values = |name: &str| -> Vec<String> {
        let lines = said.lines().filter_map(|line| line.split_once('='));
        lines
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.trim_matches('"').to_string())
            .collect()
    };
    let value = |name: &str| values(name).pop().unwrap_or_default();
    Ok(Target {
        triple: triple.to_string(),
        host: this_machine().triple,
        os: value("target_os"),
        arch: value("target_arch"),
        env: value("target_env"),
        vendor: value("target_vendor"),
        families: values("target_family"),
        pointer_width: value("target_pointer_width").parse().unwrap_or(0),
        big_endian: value("target_endian") == "big",
        // No target that the fuzzer knows.
        soft_float: false,
        atomic_widths: values("target_has_atomic")
            .iter()
            .filter_map(|width| width.parse().ok())
            .collect(),
    })
}
