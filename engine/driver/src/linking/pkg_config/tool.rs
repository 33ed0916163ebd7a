//! Finds the pkg-config that answers for the target, and runs it.
//!
//! The conventions are those of the `pkg-config` crate. A variable may have the target in its name
//! (`PKG_CONFIG_PATH_aarch64-unknown-linux-gnu`, `..._aarch64_unknown_linux_gnu`, `TARGET_PKG_CONFIG_PATH`, or `HOST_` in a native
//! build). In a cross build a plain pkg-config, which describes this machine, runs only if `PKG_CONFIG`, `PKG_CONFIG_SYSROOT_DIR` or
//! `PKG_CONFIG_ALLOW_CROSS` allows it. One thing is added: a tool with the target in its name (`aarch64-linux-gnu-pkg-config`) needs no
//! variable.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Outcome, fail, fail_missing};
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;
use cgo_toolchain::compiler::programs;
use cgo_toolchain::inputs::Inputs;
use cgo_toolchain::session::dump::Dump;
use cgo_toolchain::session::process::{Finished, Program, ProgramCall};

use super::package_request::{Package, PackageRequest};

/// The program to run, with its environment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tool {
    /// Names to try in turn.
    pub(super) names: Vec<OsString>,
    pub(super) environment: Vec<(OsString, OsString)>,
    /// What to do if none of these programs is found.
    pub(super) help: String,
    /// Where its runs are recorded.
    pub(super) dump: Dump,
}

impl Tool {
    /// `read` gives the value of an environment variable.
    pub(super) fn find(target: &Target, read: &dyn Fn(&str) -> Option<OsString>) -> Tool {
        let targeted = |name: &str| {
            targeted_names(name, target)
                .into_iter()
                .find_map(|name| read(&name))
        };
        let sysroot = targeted("PKG_CONFIG_SYSROOT_DIR");
        let plain_is_allowed = target.host == target.triple
            || match targeted("PKG_CONFIG_ALLOW_CROSS") {
                Some(value) => value != "0",
                None => sysroot.is_some(),
            };
        let (names, help): (Vec<OsString>, String) = match targeted("PKG_CONFIG") {
            Some(name) => (vec![name], INSTALL.to_string()),
            None if plain_is_allowed => (
                vec!["pkg-config".into(), "pkgconf".into()],
                INSTALL.to_string(),
            ),
            None => {
                let names = prefixes(target)
                    .into_iter()
                    .map(|prefix| format!("{prefix}-pkg-config").into());
                (names.collect(), for_another_target(target))
            }
        };
        let passed_on = [
            "PKG_CONFIG_PATH",
            "PKG_CONFIG_LIBDIR",
            "PKG_CONFIG_SYSROOT_DIR",
        ];
        let mut environment: Vec<(OsString, OsString)> = passed_on
            .into_iter()
            .filter_map(|name| Some((name.into(), targeted(name)?)))
            .collect();
        if sysroot.is_some() {
            // The compiler and the linker do not search the target's folders by themselves.
            environment.extend(
                [
                    "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS",
                    "PKG_CONFIG_ALLOW_SYSTEM_LIBS",
                ]
                .map(|name| (name.into(), "1".into())),
            );
        }
        Tool {
            names,
            environment,
            help,
            dump: Dump::default(),
        }
    }

    pub(super) fn inputs(&self) -> Inputs {
        let programs: Vec<Program> = self.names.iter().map(|name| self.program(name)).collect();
        let mut inputs = Inputs::default();
        programs::add(&mut inputs, &programs.iter().collect::<Vec<_>>());
        inputs
    }

    fn program(&self, name: &OsStr) -> Program {
        Program {
            path: PathBuf::from(name),
            arguments: Vec::new(),
            environment: self.environment.clone(),
        }
    }

    /// The value of a variable in the tool's environment.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        let known = self.environment.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_os_str())
    }

    pub(super) fn run(
        &self,
        arguments: &[&str],
        request: &PackageRequest,
        packages: &[&Package],
    ) -> Outcome<Finished> {
        let mut all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        if packages.iter().any(|package| package.archives) {
            all.push("--static".into());
        }
        all.extend(request.options.iter().map(OsString::from));
        for package in packages {
            all.extend(package.words().map(OsString::from));
        }
        for name in &self.names {
            let program = self.program(name);
            let call = ProgramCall {
                purpose: "pkg-config",
                program: &program,
                arguments: &all,
                folder: Path::new("."),
                input: None,
                work: None,
            };
            match self.dump.run(&call) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    return fail(format!("cannot run `{}`: {error}", name.display()));
                }
                Ok(finished) => return Ok(finished),
            }
        }
        let names: Vec<String> = self
            .names
            .iter()
            .map(|name| format!("`{}`", name.display()))
            .collect();
        let names = names.join(" or ");
        let text = format!("cannot find {names}, which `#cgo pkg-config` needs");
        fail_missing(Message::new(text).help(&self.help))
    }
}

const INSTALL: &str = "install it (Debian, Ubuntu: `apt install pkg-config`; Fedora: `dnf install pkgconf`; macOS: `brew install \
                       pkgconf`; MSYS2: `pacman -S pkgconf`), or set the environment variable PKG_CONFIG to its path";

fn for_another_target(target: &Target) -> String {
    format!(
        "a plain pkg-config describes this machine, not {}: set the environment variables PKG_CONFIG_SYSROOT_DIR and PKG_CONFIG_LIBDIR \
         to the target's folders, or PKG_CONFIG to a pkg-config for the target, or PKG_CONFIG_ALLOW_CROSS=1 to use the plain one",
        target.triple
    )
}

/// The names of a variable, the most specific first.
fn targeted_names(name: &str, target: &Target) -> [String; 4] {
    let triple = &target.triple;
    let kind = if target.host == target.triple {
        "HOST"
    } else {
        "TARGET"
    };
    [
        format!("{name}_{triple}"),
        format!("{name}_{}", triple.replace('-', "_")),
        format!("{kind}_{name}"),
        name.to_string(),
    ]
}

/// The prefixes of a cross compiler's tools: Rust's triple, and the GNU triple of the same target.
fn prefixes(target: &Target) -> Vec<String> {
    let mut prefixes = vec![target.triple.clone()];
    let first = target.triple.split('-').next().unwrap_or_default();
    let last = target.triple.rsplit('-').next().unwrap_or_default();
    let processor = match target.arch.as_str() {
        "arm" => "arm",
        "riscv64" => "riscv64",
        "riscv32" => "riscv32",
        _ => first,
    };
    match target.os.as_str() {
        "linux" => prefixes.push(format!("{processor}-linux-{last}")),
        "windows" => prefixes.push(format!("{processor}-w64-mingw32")),
        _ => {}
    }
    prefixes
}
