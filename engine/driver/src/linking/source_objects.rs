//! Compiles the files of `SOURCES`, each for itself. An object is kept by the source's place, the flags and the compiler, and taken again as
//! long as what it was made from stays the same: a preamble's edit costs them nothing.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place};

use crate::cache::entry::Seal;
use crate::cache::inputs::{self, Inputs};
use crate::cache::kept_file::{self, Hash};
use crate::explain::messages;
use crate::explain::rust_file::RustFile;
use crate::exports::FILE_NAME;
use crate::exports::go_types;
use crate::linking::library::{self, make_dependencies};
use crate::session::Session;
use crate::session::jobserver;
use crate::toolchain::compiler::{Toolchain, shown};
use crate::unit::header_search;

/// What the sources are compiled with.
pub(crate) struct Sources<'a> {
    pub(crate) files: &'a [(PathBuf, Place)],
    /// The flags before and after the one that names the folder of `_cgo_export.h`.
    pub(crate) flags: &'a [OsString],
    /// The text of `_cgo_export.h`, which few include.
    pub(crate) header: &'a str,
    /// Where the compiler looks for headers.
    pub(crate) folders: &'a [PathBuf],
    /// The Rust file's folder, which the compiler runs in.
    pub(crate) folder: &'a Path,
    pub(crate) rust: &'a RustFile,
}

/// What became of them.
#[derive(Default)]
pub(crate) struct Objects {
    /// Each with the place of the line that names its source.
    pub(crate) objects: Vec<(PathBuf, Place)>,
    /// The files that the sources include.
    pub(crate) files: Vec<PathBuf>,
    /// What the compiler said of the sources.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Compiles each source that was not compiled before.
pub(crate) fn compile(
    session: &Session,
    toolchain: &Toolchain,
    sources: &Sources<'_>,
) -> Outcome<Objects> {
    let compiled = jobserver::each(sources.files.len(), |number| {
        let (source, place) = &sources.files[number];
        let object = object(session, toolchain, sources, source, number);
        object
            .map_err(|errors| at(errors, *place))
            .map(|object| Object {
                warnings: at(object.warnings, *place),
                ..object
            })
    });
    let (mut all, mut errors) = (Objects::default(), Vec::new());
    for (compiled, (_, place)) in compiled.into_iter().zip(sources.files) {
        match compiled {
            Ok(one) => {
                all.objects.push((one.path, *place));
                all.files.extend(one.files);
                all.warnings.extend(one.warnings);
            }
            Err(failed) => errors.extend(failed),
        }
    }
    match errors.is_empty() {
        true => Ok(all),
        false => Err(errors),
    }
}

struct Object {
    path: PathBuf,
    files: Vec<PathBuf>,
    warnings: Vec<Diagnostic>,
}

fn object(
    session: &Session,
    toolchain: &Toolchain,
    sources: &Sources<'_>,
    source: &Path,
    number: usize,
) -> Outcome<Object> {
    let entry = session.link_directory.as_ref().map(|folder| {
        let key = key(session, toolchain, sources, source);
        folder.join(format!("source-{key}"))
    });
    // A dump wants to see the compiler at work.
    if session.dump.is_none()
        && let Some(known) = entry.as_ref().and_then(|entry| recall(entry, sources))
    {
        return Ok(known);
    }
    let started = SystemTime::now();
    let made = toolchain.work.join(format!("{number}.o"));
    let dependencies = toolchain.work.join(format!("{number}.d"));
    let text = fs::read(source).unwrap_or_default();
    let of_go = go_types::flags(&String::from_utf8_lossy(&text), session)?;
    let flags = [sources.flags, &of_go].concat();
    let said = toolchain.compile_file(
        &flags,
        sources.folder,
        source,
        &made,
        &dependencies,
        sources.rust,
    )?;
    library::prepare(&made)?;
    let rule = fs::read_to_string(&dependencies).unwrap_or_default();
    let mut files = make_dependencies(&rule, sources.folder);
    // No preprocessor reads an assembler's file, and nobody writes a rule for it.
    if !files.iter().any(|file| file == source) {
        files.push(source.to_path_buf());
    }
    let kept = entry.and_then(|entry| {
        let known = Known {
            header: files
                .iter()
                .any(|file| file.ends_with(FILE_NAME))
                .then(|| kept_file::sum(sources.header.as_bytes())),
            inputs: state(toolchain, sources, &files, started)?,
            files: &files,
            said: &said,
        };
        keep(&entry, &known, &made)
    });
    Ok(Object {
        path: kept.unwrap_or(made),
        warnings: warnings(&said, sources),
        files,
    })
}

fn key(session: &Session, toolchain: &Toolchain, sources: &Sources<'_>, source: &Path) -> String {
    let mut key = Hash::new();
    key.add(env!("CARGO_PKG_VERSION")).add(&session.engine);
    key.add(&format!(
        "{source:?} {:?} {:?}",
        sources.folder, toolchain.compiler
    ));
    // But for the folder of `_cgo_export.h`, whose text is looked at.
    let flags = sources
        .flags
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != crate::unit::HEADER_FLAG);
    for (_, flag) in flags {
        key.add(&flag.to_string_lossy());
    }
    key.add(if session.lints_are_capped {
        "a dependency"
    } else {
        ""
    });
    for name in session.tools_variables() {
        key.add(
            &crate::session::variable(name)
                .unwrap_or_default()
                .to_string_lossy(),
        );
    }
    key.hex()
}

/// What an object depends on, as it is now.
fn state(
    toolchain: &Toolchain,
    sources: &Sources<'_>,
    files: &[PathBuf],
    since: SystemTime,
) -> Option<String> {
    let files = files.iter().filter(|file| !file.ends_with(FILE_NAME));
    let files: Vec<PathBuf> = files.cloned().collect();
    let mut inputs = Inputs::default();
    header_search::add(&mut inputs, &files, sources.folders, ("", sources.folder))?;
    header_search::compiled_beforehand(&files).for_each(|file| inputs.file(file));
    Some(toolchain.inputs.clone()? + &inputs.written(since)?)
}

/// What is known of an object.
struct Known<'a> {
    /// A sum of `_cgo_export.h`, if the source includes it.
    header: Option<u64>,
    inputs: String,
    files: &'a [PathBuf],
    /// The compiler's words.
    said: &'a str,
}

/// Keeps an object beside its entry, and gives its place.
fn keep(entry: &Path, known: &Known<'_>, made: &Path) -> Option<PathBuf> {
    let object = entry.with_extension("o");
    let files = known
        .files
        .iter()
        .map(|file| file.to_str())
        .collect::<Option<Vec<&str>>>()?;
    if files.iter().any(|file| file.contains('\n')) {
        return None;
    }
    kept_file::put(made, &object).ok()?;
    let header = known.header.map_or(String::new(), |sum| sum.to_string());
    let parts = [
        header,
        Seal::of(&object)?.written(),
        known.inputs.clone(),
        files.join("\n"),
        known.said.to_string(),
    ];
    // Only costs time when it cannot be kept.
    let _ = kept_file::keep(entry, parts.join(PART).as_bytes());
    Some(object)
}

/// Between the parts of an entry.
const PART: &str = "\0";

fn recall(entry: &Path, sources: &Sources<'_>) -> Option<Object> {
    let text = String::from_utf8(kept_file::kept(entry)?).ok()?;
    let mut parts = text.split(PART);
    let (header, seal, inputs) = (parts.next()?, parts.next()?, parts.next()?);
    let same_header =
        header.is_empty() || header.parse() == Ok(kept_file::sum(sources.header.as_bytes()));
    let object = entry.with_extension("o");
    if !same_header || !inputs::hold(inputs) || !Seal::read(seal)?.is_of(&object) {
        return None;
    }
    let files = parts.next()?.lines().map(PathBuf::from).collect();
    let warnings = warnings(parts.next()?, sources);
    kept_file::touch(entry);
    Some(Object {
        path: object,
        files,
        warnings,
    })
}

fn warnings(said: &str, sources: &Sources<'_>) -> Vec<Diagnostic> {
    shown(messages::warnings(said), sources.rust)
}

fn at(errors: Vec<Diagnostic>, place: Place) -> Vec<Diagnostic> {
    let placed = errors.into_iter().map(|error| Diagnostic {
        place: error.place.or(Some(place)),
        ..error
    });
    placed.collect()
}
