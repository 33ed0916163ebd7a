//! The files that the words of `SOURCES:` name: files, folders, and patterns.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::directive::pattern::like;
use crate::message::Message;

/// A file of `SOURCES`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Absolute if the path of the Rust file's folder is.
    pub path: PathBuf,
    /// The flags of its lines, about warnings alone, behind all others.
    pub warning_flags: Vec<String>,
}

/// The language of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// C and Objective-C, and what has another extension: the C compiler knows.
    C,
    /// C++ and Objective-C++.
    Cxx,
    Assembly,
    Fortran,
}

impl Language {
    /// As its extension says.
    pub fn of(file: &Path) -> Language {
        let extension = file.extension().and_then(|extension| extension.to_str());
        match extension.unwrap_or_default() {
            "cc" | "cpp" | "cxx" | "c++" | "C" | "mm" => Language::Cxx,
            "s" | "S" | "sx" => Language::Assembly,
            "f" | "F" | "for" | "FOR" | "ftn" | "FTN" | "fpp" | "FPP" => Language::Fortran,
            "f90" | "F90" | "f95" | "F95" | "f03" | "F03" | "f08" | "F08" => Language::Fortran,
            _ => Language::C,
        }
    }
}

/// Whether a flag is about warnings alone: `-w`, `-Wall`, `-Wno-unused`, and not `-Wl,` and its like, which pass on other flags.
pub(super) fn is_about_warnings(flag: &str) -> bool {
    let passes_on = ["-Wl,", "-Wa,", "-Wp,"];
    flag == "-w"
        || flag.len() > 2
            && flag.starts_with("-W")
            && !passes_on.iter().any(|start| flag.starts_with(start))
}

/// Whether a file of a folder is a source.
fn is_source(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "c" | "i" | "m") || Language::of(Path::new(name)) != Language::C
}

/// The files that `word` names, with relative paths starting at `folder`. A folder stands for the sources in it, not for those in its
/// own folders, as a Go package does.
pub(super) fn named(word: &str, folder: &Path) -> Result<Vec<PathBuf>, Message> {
    let path = folder.join(word);
    if path.is_dir() {
        return sources_in(&path, word, is_source);
    }
    let name = path.file_name().and_then(|name| name.to_str());
    if let (Some(name), Some(parent)) = (name, path.parent())
        && name.contains('*')
    {
        return sources_in(parent, word, |file| like(file, name));
    }
    let extension = name.and_then(|name| name.rsplit_once('.'));
    match extension.map(|(_, extension)| extension) {
        Some("h" | "hpp" | "hh") => {
            Err(Message::new(format!("`{word}` in `SOURCES:` is a header"))
                .help(format!("write `#include \"{word}\"`")))
        }
        Some("a" | "o" | "so" | "dylib") => Err(Message::new(format!(
            "`{word}` in `SOURCES:` is not a source file"
        ))
        .help(format!("write `#cgo LDFLAGS: {word}`"))),
        _ if path.is_file() && !is_source(name.unwrap_or_default()) => Err(Message::new(format!(
            "`{word}` in `SOURCES:` is not a source file: no compiler is known for it"
        ))),
        _ if !path.is_file() => Err(Message::new(format!(
            "file `{}` in `SOURCES:` not found",
            path.display()
        ))),
        _ => Ok(vec![path]),
    }
}

/// The files of a folder whose names are wanted, in the order of their names.
fn sources_in(
    folder: &Path,
    word: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, Message> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let entries = entries.map_err(|error| {
        format!(
            "cannot read the folder `{}` of `{word}` in `SOURCES:`: {error}",
            folder.display()
        )
    })?;
    let wanted = entries.into_iter().filter(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(&is_wanted) && entry.path().is_file()
    });
    let mut files: Vec<PathBuf> = wanted.map(|entry| entry.path()).collect();
    files.sort();
    match files.is_empty() {
        true => Err(Message::new(format!(
            "`{word}` in `SOURCES:` names no source file: nothing in `{}` matches",
            folder.display()
        ))),
        false => Ok(files),
    }
}
