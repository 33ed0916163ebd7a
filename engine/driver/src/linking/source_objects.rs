//! Compiles the files of `SOURCES`, each by itself. The cache keeps an object under the path of the source, the flags and the compiler,
//! as long as its inputs stay the same. So an edit of the preamble compiles none of them again.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed, all_or};
use cgo_csyntax::directive::source_files::{Language, SourceFile};
use cgo_csyntax::files::checksum;
use cgo_csyntax::files::kept_file;
use cgo_toolchain::compiler::Toolchain;
use cgo_toolchain::compiler::messages;
use cgo_toolchain::compiler::object_target;
use cgo_toolchain::hash::Hash;
use cgo_toolchain::inputs::{self, Inputs};
use cgo_toolchain::rust_file::RustFile;
use cgo_toolchain::session::Session;
use cgo_toolchain::session::jobserver;
use cgo_toolchain::unit::{go_types, header_search, read_files};

use crate::exports::FILE_NAME;
use crate::fingerprint::Fingerprint;
use crate::linking::source_languages::{SourceCompiler, SourceCompilers};
use crate::linking::{fortran_includes, make_rule, object_file};

/// The sources, and what they are compiled with.
pub(crate) struct Sources<'a> {
    pub(crate) files: &'a [Placed<SourceFile>],
    pub(crate) compilers: &'a SourceCompilers<'a>,
    /// The text of `_cgo_export.h`.
    pub(crate) header: &'a str,
    /// The folders that the compiler searches for headers.
    pub(crate) folders: &'a [PathBuf],
    /// The programs that the C compiler runs.
    pub(crate) programs: &'a [PathBuf],
    /// The folder of the Rust file, in which the compiler runs.
    pub(crate) folder: &'a Path,
    pub(crate) rust: &'a RustFile,
}

/// Their objects.
#[derive(Default)]
pub(crate) struct Objects {
    /// Each with the place of its line in the preamble.
    pub(crate) objects: Vec<Placed<PathBuf>>,
    /// The files that the sources include and that their flags name.
    pub(crate) files: Vec<PathBuf>,
    /// The warnings of the compiler.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Compiles each source whose object is not in the cache.
pub(crate) fn compile(session: &Session, sources: &Sources<'_>) -> Outcome<Objects> {
    let compiled = jobserver::each(sources.files.len(), |number| {
        object(session, sources, &sources.files[number].value, number)
    });
    let (mut all, mut errors) = (Objects::default(), Vec::new());
    for (compiled, source) in compiled.into_iter().zip(sources.files) {
        match compiled {
            Ok(one) => {
                all.objects.push(Placed {
                    value: one.path,
                    place: source.place,
                });
                all.files.extend(one.files);
                all.warnings.extend(at(one.warnings, source.place));
            }
            Err(failed) => errors.extend(at(failed, source.place)),
        }
    }
    all_or(errors, all)
}

struct SourceObject {
    path: PathBuf,
    files: Vec<PathBuf>,
    warnings: Vec<Diagnostic>,
}

fn object(
    session: &Session,
    sources: &Sources<'_>,
    file: &SourceFile,
    number: usize,
) -> Outcome<SourceObject> {
    let source = &file.path;
    let compiler = sources.compilers.of(source);
    let toolchain = compiler.toolchain;
    let entry = session.link_directory.as_ref().map(|folder| {
        let key = key(session, compiler, sources, file);
        folder.join(format!("source-{key}"))
    });
    // A dump is to record the runs of the compiler.
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
    let of_file = file.warning_flags.iter().map(OsString::from).collect();
    let flags = [compiler.flags.to_vec(), of_go, of_file].concat();
    let stderr = toolchain.compile_file(
        &flags,
        sources.folder,
        source,
        &made,
        &dependencies,
        sources.rust,
    )?;
    object_file::prepare(&made)?;
    object_target::check(
        &object_file::read(&made)?,
        toolchain,
        compiler.flags,
        session,
    )?;
    let rule = fs::read_to_string(&dependencies).unwrap_or_default();
    let mut files = make_rule::dependencies(&rule, sources.folder);
    if Language::of(source) == Language::Fortran {
        files.extend(fortran_includes::included(source, sources.folders));
    }
    let all_flags = compiler.flags.iter().chain(&toolchain.compiler.arguments);
    files.extend(read_files::named_by(all_flags, sources.folder));
    // A file of assembler is not preprocessed, and gets no rule.
    if !files.iter().any(|file| file == source) {
        files.push(source.clone());
    }
    let kept = entry.and_then(|entry| {
        let contents = ObjectEntry {
            header: files
                .iter()
                .any(|file| file.ends_with(FILE_NAME))
                .then(|| checksum::sum(sources.header.as_bytes())),
            inputs: state(toolchain, sources, &files, started)?,
            files: &files,
            stderr: &stderr,
        };
        keep(&entry, &contents, &made)
    });
    Ok(SourceObject {
        path: kept.unwrap_or(made),
        warnings: warnings(&stderr, sources),
        files,
    })
}

fn key(
    session: &Session,
    compiler: SourceCompiler<'_>,
    sources: &Sources<'_>,
    file: &SourceFile,
) -> String {
    let mut key = Hash::default();
    key.add(env!("CARGO_PKG_VERSION")).add(&session.engine);
    key.add(&format!(
        "{:?} {:?} {:?} {:?}",
        file.path, file.warning_flags, sources.folder, compiler.toolchain.compiler
    ));
    // An entry holds a hash of the text of `_cgo_export.h`.
    for flag in compiler.flags.without_header() {
        key.add(&flag.to_string_lossy());
    }
    key.add(if session.lints_are_capped {
        "a dependency"
    } else {
        ""
    });
    for name in session.tools_variables() {
        key.add(
            &cgo_toolchain::session::environment::variable(name)
                .unwrap_or_default()
                .to_string_lossy(),
        );
    }
    key.hex()
}

/// The inputs of an object, in their present state.
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
    let others = header_search::precompiled(&files).chain(sources.programs.iter().cloned());
    others.for_each(|file| inputs.file(file));
    Some(toolchain.inputs.clone()? + &inputs.written(since)?)
}

/// The entry of an object in the cache.
struct ObjectEntry<'a> {
    /// A hash of `_cgo_export.h`, if the source includes it.
    header: Option<u64>,
    inputs: String,
    files: &'a [PathBuf],
    /// What the compiler wrote to its standard error.
    stderr: &'a str,
}

/// Moves an object beside its entry, and returns its path.
fn keep(entry: &Path, contents: &ObjectEntry<'_>, made: &Path) -> Option<PathBuf> {
    let object = entry.with_extension("o");
    let files = contents
        .files
        .iter()
        .map(|file| file.to_str())
        .collect::<Option<Vec<&str>>>()?;
    if files.iter().any(|file| file.contains('\n')) {
        return None;
    }
    kept_file::put(made, &object).ok()?;
    let header = contents.header.map_or(String::new(), |sum| sum.to_string());
    let parts = [
        header,
        Fingerprint::of(&object)?.written(),
        contents.inputs.clone(),
        files.join("\n"),
        contents.stderr.to_string(),
    ];
    // If it cannot be written, the next build only takes longer.
    let _ = kept_file::keep(entry, parts.join(PART).as_bytes());
    Some(object)
}

/// Between the parts of an entry.
const PART: &str = "\0";

fn recall(entry: &Path, sources: &Sources<'_>) -> Option<SourceObject> {
    let text = String::from_utf8(kept_file::kept(entry)?).ok()?;
    let mut parts = text.split(PART);
    let (header, fingerprint, inputs) = (parts.next()?, parts.next()?, parts.next()?);
    let same_header =
        header.is_empty() || header.parse() == Ok(checksum::sum(sources.header.as_bytes()));
    let object = entry.with_extension("o");
    if !same_header || !inputs::unchanged(inputs) || !Fingerprint::read(fingerprint)?.is_of(&object)
    {
        return None;
    }
    let files = parts.next()?.lines().map(PathBuf::from).collect();
    let warnings = warnings(parts.next()?, sources);
    kept_file::touch(entry);
    Some(SourceObject {
        path: object,
        files,
        warnings,
    })
}

fn warnings(stderr: &str, sources: &Sources<'_>) -> Vec<Diagnostic> {
    messages::diagnostics(messages::warnings(stderr), sources.rust)
}

fn at(errors: Vec<Diagnostic>, place: Place) -> Vec<Diagnostic> {
    let placed = errors.into_iter().map(|error| Diagnostic {
        place: error.place.or(Some(place)),
        ..error
    });
    placed.collect()
}
