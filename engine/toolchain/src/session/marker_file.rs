//! Finds the link directory by its marker file. The build script of the runtime crate makes both.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::session::arguments::RustcArguments;
use crate::session::build_facts::BuildFacts;

/// The name of the marker file. The link directory is the folder among rustc's `-L` that has it.
const MARKER: &str = "cgo-link-directory";

/// What was found.
pub(super) enum MarkedDirectory {
    /// A link directory of this version.
    Usable(PathBuf, BuildFacts),
    /// The marker file is missing or not whole.
    Damaged(PathBuf),
    None,
}

/// Finds it for the rustc with these arguments, which runs in `directory`.
pub(super) fn find(rustc: &RustcArguments, directory: &Path) -> MarkedDirectory {
    let folders = rustc.native_folders.iter();
    let folders: Vec<PathBuf> = folders.map(|folder| directory.join(folder)).collect();
    let of_rustdoc = || match (rustc.is_rustdoc, &rustc.dependencies) {
        (true, Some(dependencies)) => of_profile(&directory.join(dependencies)),
        _ => None,
    };
    let usable = folders
        .iter()
        .find_map(|folder| Some((folder.clone(), facts_of(folder)?)));
    if let Some((folder, facts)) = usable.or_else(of_rustdoc) {
        return MarkedDirectory::Usable(folder, facts);
    }
    let damaged = folders.into_iter().find(|folder| is_link_directory(folder));
    damaged.map_or(MarkedDirectory::None, MarkedDirectory::Damaged)
}

/// The link directory of the profile whose dependencies are in this folder, the only one that Cargo tells rustdoc. The profile may have
/// several runtimes, with the same target and options.
fn of_profile(dependencies: &Path) -> Option<(PathBuf, BuildFacts)> {
    let build = fs::read_dir(dependencies.parent()?.join("build")).ok()?;
    let runtimes = build.flatten().filter(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(b"cgo-runtime-")
    });
    let mut folders: Vec<_> = runtimes
        .map(|entry| entry.path().join("out/link"))
        .filter_map(|folder| Some((fs::metadata(&folder).ok()?.modified().ok()?, folder)))
        .collect();
    folders.sort();
    let mut newest_first = folders.into_iter().rev();
    newest_first.find_map(|(_, folder)| facts_of(&folder).map(|facts| (folder, facts)))
}

/// What the marker file of a folder says, if it is a link directory of this version.
fn facts_of(folder: &Path) -> Option<BuildFacts> {
    let marker = fs::read_to_string(folder.join(MARKER)).ok()?;
    let ours = format!("VERSION={}", env!("CARGO_PKG_VERSION"));
    let is_ours = marker.lines().any(|line| line == ours) && is_whole(&marker);
    is_ours.then(|| BuildFacts::of_marker(&marker))
}

/// Whether the marker ends with the hash of its text.
fn is_whole(marker: &str) -> bool {
    let Some((text, hash)) = marker.rsplit_once("HASH=") else {
        return false;
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hash == format!("{:016x}\n", hasher.finish())
}

/// Whether a folder has the path of a link directory, whatever is in it.
fn is_link_directory(folder: &Path) -> bool {
    let is_runtimes = |part: &OsStr| {
        part.to_str()
            .is_some_and(|part| part.starts_with("cgo-runtime"))
    };
    folder.ends_with("out/link") && folder.iter().any(is_runtimes)
}
