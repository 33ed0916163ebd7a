//! The session without Cargo: under Bazel, Buck2, Meson, or rustc alone. A variable names the link directory, and rustc tells what a marker
//! file would say of the target.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cgo_csyntax::files::stamp;

use crate::cache::hash::Hash;
use crate::session::arguments::RustcArguments;
use crate::session::environment::{self, LINK_DIRECTORY, variable};
use crate::session::marker_file::Marker;
use crate::session::problem::Problem;
use crate::session::process::{self, Call, Program};

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
) -> Result<Option<PathBuf>, Problem> {
    let named = variable(LINK_DIRECTORY).filter(|folder| rustc.is_compiler && !folder.is_empty());
    let Some(folder) = named.map(|folder| directory.join(folder)) else {
        return Ok(None);
    };
    let mut searched = rustc.native_folders.iter();
    match rustc.is_rustdoc || searched.any(|other| is_same(&directory.join(other), &folder)) {
        true => Ok(Some(folder)),
        false => Err(Problem::NotSearched(folder)),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |folder: &Path| folder.canonicalize().ok();
    one.components().eq(other.components()) || real(one).is_some_and(|one| Some(one) == real(other))
}

/// What a marker file would say.
pub(super) fn marker(rustc: &RustcArguments, directory: &Path) -> Result<Marker, Problem> {
    // A process compiles one crate.
    static ANSWER: OnceLock<Result<String, String>> = OnceLock::new();
    let answer = ANSWER.get_or_init(|| ask(&rustc.of_target, directory));
    let answer = answer
        .as_deref()
        .map_err(|why| Problem::UnknownTarget(why.to_string()))?;
    let mut lines = lines(answer, &rustc.of_target);
    lines.push_str(&format!("ENGINE={}\n", state(rustc, directory)));
    Ok(Marker::of_lines(lines))
}

/// What rustc says of itself and the target.
fn ask(of_target: &[String], directory: &Path) -> Result<String, String> {
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
    let call = Call {
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

/// The lines of a marker file for this answer: first the host, then a `cfg` a line.
fn lines(answer: &str, of_target: &[String]) -> String {
    let mut said = answer.lines();
    let host = said.next().unwrap_or_default();
    let given = of_target
        .iter()
        .skip_while(|word| *word != "--target")
        .nth(1);
    let target = match given.map(Path::new) {
        // A description of a target; its name is the triple.
        Some(file) if file.extension().is_some_and(|end| end == "json") => file.file_stem(),
        given => given.map(Path::as_os_str),
    };
    let target = target.and_then(|name| name.to_str()).unwrap_or(host);
    let mut cfgs: Vec<(String, String)> = Vec::new();
    for cfg in said {
        let (name, value) = cfg.split_once('=').unwrap_or((cfg, ""));
        let (name, value) = (name.to_uppercase(), value.trim_matches('"'));
        match cfgs.last_mut() {
            Some((last, values)) if *last == name => {
                values.push(',');
                values.push_str(value);
            }
            _ => cfgs.push((name, value.to_string())),
        }
    }
    let mut lines = format!("TARGET={target}\nHOST={host}\nOPT_LEVEL=0\nDEBUG=false\n");
    for (name, values) in cfgs {
        lines.push_str(&format!("CARGO_CFG_{name}={values}\n"));
    }
    lines
}

/// A hash of what no build system is asked to watch: the crates that this one depends on, of which one is cgo, and all variables, since any
/// of them may be one that the tools read.
fn state(rustc: &RustcArguments, directory: &Path) -> String {
    let mut hash = Hash::new();
    for file in &rustc.extern_files {
        let stamp = stamp::of_file(&directory.join(file));
        hash.add(&format!("{} {stamp:?}", file.display()));
    }
    for (name, value) in environment::variables() {
        if !OF_SHELLS_AND_MAKE.contains(&name.as_str()) {
            hash.add(&name).add(&value.to_string_lossy());
        }
    }
    hash.hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "x86_64-unknown-linux-gnu\ndebug_assertions\ntarget_arch=\"aarch64\"\ntarget_env=\"\"\n\
                          target_family=\"unix\"\ntarget_feature=\"fp\"\ntarget_feature=\"neon\"\n\
                          target_os=\"macos\"\ntarget_pointer_width=\"64\"\ntarget_vendor=\"apple\"\nunix\n";

    #[test]
    fn rustcs_answer_describes_the_target() {
        let words = ["-Ctarget-cpu=apple-m1", "--target", "aarch64-apple-darwin"];
        let marker = Marker::of_lines(lines(ANSWER, &words.map(str::to_string)));
        let target = marker.target();
        assert_eq!(target.triple, "aarch64-apple-darwin");
        assert_eq!(target.host, "x86_64-unknown-linux-gnu");
        assert_eq!((&*target.os, &*target.arch), ("macos", "aarch64"));
        assert_eq!((&*target.env, &*target.vendor), ("", "apple"));
        assert_eq!(target.families, ["unix"]);
        let cfgs = marker.target_cfgs();
        let features = cfgs.iter().filter(|cfg| cfg.name == "target_feature");
        assert_eq!(features.count(), 2);
        assert!(
            cfgs.iter()
                .any(|cfg| cfg.name == "unix" && cfg.value.is_none())
        );
    }

    #[test]
    fn a_description_of_a_target_gives_its_name() {
        let triple = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            Marker::of_lines(lines(ANSWER, &words)).target().triple
        };
        assert_eq!(triple(&["--target", "targets/mine.json"]), "mine");
        assert_eq!(
            triple(&["--target", "thumbv8m.main-none-eabi"]),
            "thumbv8m.main-none-eabi"
        );
        assert_eq!(triple(&[]), "x86_64-unknown-linux-gnu");
    }

    #[test]
    fn one_folder_is_named_in_many_ways() {
        assert!(is_same(Path::new("/a/./b"), Path::new("/a/b/")));
        assert!(!is_same(Path::new("/a/b"), Path::new("/a/c")));
    }
}
