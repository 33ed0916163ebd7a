//! The session without Cargo: under Bazel, Buck2, Meson, or rustc alone. A variable names the link directory, and rustc tells what a marker
//! file would say of the target.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cgo_csyntax::files::stamp;

use crate::hash::Hash;
use crate::session::arguments::RustcArguments;
use crate::session::build_facts::BuildFacts;
use crate::session::environment::{self, LINK_DIRECTORY, variable};
use crate::session::process::{self, Program, ProgramCall};
use crate::session::session_error::SessionError;

/// Variables that no C compiler reads, and that differ between runs of one build.
const OF_SHELLS_AND_MAKE: [&str; 8] = [
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "COLUMNS",
];

/// The folder that the variable names. rustc must search it for libraries, or it does not find what is put there.
pub(super) fn link_directory(
    rustc: &RustcArguments,
    directory: &Path,
) -> Result<Option<PathBuf>, SessionError> {
    let named = variable(LINK_DIRECTORY).filter(|folder| rustc.is_compiler && !folder.is_empty());
    let Some(folder) = named.map(|folder| directory.join(folder)) else {
        return Ok(None);
    };
    let mut searched = rustc.native_folders.iter();
    match rustc.is_rustdoc || searched.any(|other| is_same(&directory.join(other), &folder)) {
        true => Ok(Some(folder)),
        false => Err(SessionError::NotSearched(folder)),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |folder: &Path| folder.canonicalize().ok();
    one.components().eq(other.components()) || real(one).is_some_and(|one| Some(one) == real(other))
}

/// What rustc knows of the target.
pub(super) fn facts(rustc: &RustcArguments, directory: &Path) -> Result<BuildFacts, SessionError> {
    // A process compiles one crate.
    static ANSWER: OnceLock<Result<String, String>> = OnceLock::new();
    let answer = ANSWER.get_or_init(|| run_rustc(&rustc.of_target, directory));
    let answer = answer
        .as_deref()
        .map_err(|why| SessionError::UnknownTarget(why.to_string()))?;
    let engine = state(rustc, directory);
    Ok(BuildFacts::of_rustc(answer, &rustc.of_target, engine))
}

/// What rustc says of itself and the target.
fn run_rustc(of_target: &[String], directory: &Path) -> Result<String, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    // rustdoc and clippy stand beside rustc.
    let rustc = own.with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
    let program = Program {
        path: if rustc.is_file() { rustc } else { own },
        arguments: ["--print=host-tuple", "--print=cfg"]
            .map(OsString::from)
            .into(),
        environment: Vec::new(),
    };
    let arguments: Vec<OsString> = of_target.iter().map(OsString::from).collect();
    let call = ProgramCall {
        purpose: "target",
        program: &program,
        arguments: &arguments,
        folder: directory,
        input: None,
        work: None,
    };
    let name = program.path.display();
    match process::run(&call) {
        Ok(finished) if finished.status.success() => {
            Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
        }
        Ok(finished) => Err(format!(
            "`{name} --print=cfg` says: {}",
            finished.stderr.trim()
        )),
        Err(error) => Err(format!("cannot run `{name}`: {error}")),
    }
}

/// A hash of what no build system is asked to watch: the crates that this one depends on, of which one is cgo, and all variables, since any
/// of them may be one that the tools read.
fn state(rustc: &RustcArguments, directory: &Path) -> String {
    let mut hash = Hash::default();
    for file in &rustc.extern_files {
        let stamp = stamp::of_file(&directory.join(file));
        hash.add(&format!("{} {stamp:?}", file.display()));
    }
    for name in environment::names() {
        if !OF_SHELLS_AND_MAKE.contains(&name.as_str()) {
            let value = environment::variable(&name).unwrap_or_default();
            hash.add(&name).add(&value.to_string_lossy());
        }
    }
    hash.hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_is_named_in_many_ways() {
        assert!(is_same(Path::new("/a/./b"), Path::new("/a/b/")));
        assert!(!is_same(Path::new("/a/b"), Path::new("/a/c")));
    }
}
