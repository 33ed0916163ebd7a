//! `LDFLAGS` in, what `#[link]` attributes can say of them out.
//!
//! A macro cannot add to the linker's command line. It can name libraries, and rustc looks for these in its `-L` folders,
//! of which one is ours: the link directory. So `-lX` becomes `#[link(name = "X")]`; what `-L DIR -lX` finds, and files
//! that are named outright, are made reachable in the link directory under names of their own, since two crates may
//! each have a `libfoo.a`. A flag that cannot be said so is an error, or left out where that changes nothing.
//!
//! Folders are searched as GNU ld does: every `-L` counts for every `-l`, in each folder a shared library comes before
//! an archive unless `-Wl,-Bstatic` is in force, and what is in none of them is left to the linker's own folders.
//!
//! A shared library must be found again when the program runs, and a macro cannot set an rpath. It is reachable under the name
//! that the program records, in the run directory beside the link directory, where `cargo run` and `cargo test` search and no
//! linker does: another crate's `-l` must not find it. A program that is started otherwise needs `LD_LIBRARY_PATH`, an rpath
//! in `rustflags`, or the library in a system folder.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Outcome, cannot_write, fail};
use cgo_csyntax::target::Target;

use crate::cache::kept_file::{self, Hash};
use crate::probe::object;

/// One thing for rustc to link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Link {
    /// A library in the linker's own folders. `verbatim`: the name is the file's.
    Library {
        name: String,
        verbatim: bool,
        preference: Preference,
    },
    /// A framework of an Apple system.
    Framework(String),
    /// A file outside the linker's folders.
    File(FoundFile),
}

/// Which kind of library the linker is to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Preference {
    Any,
    Archive,
    /// `--whole-archive`: every member, whether it is used or not.
    WholeArchive,
}

/// A file that is to be reachable from the link directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FoundFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    pub(crate) kind: FileKind,
    /// What `#[link]` calls it.
    pub(crate) name: String,
    /// Its name in the link directory.
    pub(crate) file_name: String,
}

/// What a file is to the linker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FileKind {
    Archive,
    WholeArchive,
    Object,
    /// With the name by which a program that is linked to it asks for it, if it is another than the one in the link directory;
    /// an import library has none.
    Shared {
        recorded: Option<String>,
    },
}

/// The file behind a link, for whoever watches for changes.
pub(crate) fn file(link: &Link) -> Option<PathBuf> {
    match link {
        Link::File(found) => Some(found.path.clone()),
        Link::Library { .. } | Link::Framework(_) => None,
    }
}

/// What [`place_in`] needs to know of a link, on one line. `None` if that cannot be said so; `Some(None)` if there is nothing to place.
pub(crate) fn written(link: &Link) -> Option<Option<String>> {
    let Link::File(found) = link else {
        return Some(None);
    };
    let recorded = match &found.kind {
        FileKind::Shared { recorded } => recorded.as_deref().unwrap_or_default(),
        _ => "",
    };
    let parts = [
        &found.name,
        &found.file_name,
        recorded,
        found.path.to_str()?,
    ];
    let plain = parts.iter().all(|part| !part.contains(['\t', '\n', '\r']));
    plain.then(|| Some(parts.join("\t")))
}

/// What [`written`] gave, as far as [`place_in`] needs it.
pub(crate) fn read(line: &str) -> Option<Link> {
    let mut parts = line.split('\t').map(str::to_string);
    let (name, file_name, recorded) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Link::File(FoundFile {
        path: PathBuf::from(parts.next()?),
        kind: FileKind::Shared {
            recorded: Some(recorded).filter(|recorded| !recorded.is_empty()),
        },
        name,
        file_name,
    }))
}

/// The attribute for an `extern` block.
pub(crate) fn attribute(link: &Link) -> String {
    let (name, kind, modifiers) = match link {
        // Not bundled: only the linker knows the folder that the archive is in.
        Link::Library {
            name,
            verbatim,
            preference,
        } => match (preference, verbatim) {
            (Preference::Any, false) => (name, "", ""),
            (Preference::Any, true) => (name, "", "+verbatim"),
            (Preference::Archive, false) => (name, "static", "-bundle"),
            (Preference::Archive, true) => (name, "static", "-bundle,+verbatim"),
            (Preference::WholeArchive, false) => (name, "static", "-bundle,+whole-archive"),
            (Preference::WholeArchive, true) => {
                (name, "static", "-bundle,+whole-archive,+verbatim")
            }
        },
        Link::Framework(name) => (name, "framework", ""),
        Link::File(found) => match found.kind {
            FileKind::Archive => (&found.name, "static", ""),
            FileKind::WholeArchive => (&found.name, "static", "+whole-archive"),
            // rustc bundles archives only.
            FileKind::Object => (&found.name, "static", "-bundle,+verbatim"),
            FileKind::Shared { .. } => (&found.name, "dylib", ""),
        },
    };
    let part = |key: &str, value: &str| {
        if value.is_empty() {
            String::new()
        } else {
            format!(", {key} = {value:?}")
        }
    };
    format!(
        "#[link(name = {name:?}{}{})]",
        part("kind", kind),
        part("modifiers", modifiers)
    )
}

/// Makes the file behind `link`, if there is one, reachable from the link directory.
///
/// By a symbolic link, which always shows the file as it is now; by a copy where the system has no such links.
pub(crate) fn place_in(link_directory: &Path, owner: &Owner, link: &Link) -> Outcome<()> {
    let Link::File(found) = link else {
        return Ok(());
    };
    let path =
        std::path::absolute(&found.path).or_else(|error| cannot_write(&found.path, &error))?;
    reach(&path, link_directory, &found.file_name)?;
    let recorded = match &found.kind {
        FileKind::Shared { recorded } => recorded.as_deref(),
        _ => None,
    };
    let libraries = dlls_of(&path);
    let of_libraries = libraries.iter().filter_map(|library| {
        let name = library.file_name().and_then(|name| name.to_str())?;
        Some((library.as_path(), name))
    });
    let run_directory = link_directory.with_file_name("run");
    for (path, name) in recorded
        .map(|name| (path.as_path(), name))
        .into_iter()
        .chain(of_libraries)
    {
        fs::create_dir_all(&run_directory).or_else(|error| cannot_write(&run_directory, &error))?;
        claim(path, &run_directory, name, owner)?;
        reach(path, &run_directory, name)?;
    }
    Ok(())
}

/// Who wants a shared library under its name when a program runs.
pub(crate) struct Owner {
    /// The crate's name, for people.
    pub(crate) name: String,
    /// Of the preamble alone.
    pub(crate) key: String,
    /// The Rust file that the preamble is in.
    pub(crate) file: PathBuf,
}

/// Writes down who wants which file under a name, and fails if another preamble wants another: programs of both search the run
/// directory. What a preamble wanted before its Rust file changed no longer counts.
fn claim(path: &Path, folder: &Path, name: &str, owner: &Owner) -> Outcome<()> {
    let start = format!(".{name}.");
    let claim = folder.join(format!("{start}{}", owner.key));
    let state = kept_file::stamp(&owner.file)
        .unwrap_or_default()
        .to_string();
    let file = owner.file.to_string_lossy();
    let text = format!("{}\n{state}\n{file}\n{}\n", owner.name, path.display());
    if fs::read(&claim).ok().as_deref() != Some(text.as_bytes()) {
        kept_file::write(&claim, text.as_bytes()).or_else(|error| cannot_write(&claim, &error))?;
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let others = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&start));
    for other in others
        .map(|entry| entry.path())
        .filter(|other| *other != claim)
    {
        let text = fs::read_to_string(&other).unwrap_or_default();
        let mut lines = text.lines();
        let (Some(crate_name), Some(state), Some(file), Some(theirs)) = (
            lines.next(),
            lines.next(),
            lines.next(),
            lines.next().map(Path::new),
        ) else {
            continue;
        };
        let holds =
            kept_file::stamp(Path::new(file)).is_some_and(|stamp| stamp.to_string() == state);
        if holds && theirs != path && theirs.is_file() && !is_copy(theirs, path) {
            return fail(format!(
                "two shared libraries are asked for as `{name}` when a program runs: `{}` here, and `{}` for the crate \
                 `{crate_name}`\na program would find one of them: give them names of their own with `-Wl,-soname,NAME`, or \
                 link the same file; if that crate no longer links the other, run `cargo clean -p cgo-runtime`",
                path.display(),
                theirs.display()
            ));
        }
    }
    Ok(())
}

fn is_copy(one: &Path, other: &Path) -> bool {
    let length = |file| fs::metadata(file).map(|data| data.len()).ok();
    length(one) == length(other)
        && matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn reach(path: &Path, folder: &Path, name: &str) -> Outcome<()> {
    let place = folder.join(name);
    if path == place || shows(&place, path) {
        return Ok(());
    }
    let temporary = kept_file::temporary(folder, "link");
    let made = symbolic_link(path, &temporary).or_else(|_| fs::copy(path, &temporary).map(|_| ()));
    let moved = made.and_then(|()| kept_file::put(&temporary, &place));
    moved.or_else(|error| {
        let _ = fs::remove_file(&temporary);
        cannot_write(&place, &error)
    })
}

/// Whether a place is a link to the file, or a copy of it as it is now.
fn shows(place: &Path, path: &Path) -> bool {
    if let Ok(target) = fs::read_link(place) {
        return target == path;
    }
    let state = |file| {
        let data = fs::metadata(file).ok()?;
        Some((data.len(), data.modified().ok()?))
    };
    !cfg!(unix) && state(place).is_some() && state(place) == state(path)
}

#[cfg(unix)]
fn symbolic_link(path: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(path, place)
}

#[cfg(not(unix))]
fn symbolic_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// The DLLs beside an import library `libfoo.dll.a`, or in the `bin` beside its folder.
fn dlls_of(path: &Path) -> Vec<PathBuf> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let (Some(name), Some(folder)) = (name.strip_suffix(".dll.a"), path.parent()) else {
        return Vec::new();
    };
    let names = [
        format!("{name}.dll"),
        format!("{}.dll", name.strip_prefix("lib").unwrap_or(name)),
    ];
    let folders = [folder.to_path_buf(), folder.join("../bin")];
    let files = folders
        .iter()
        .flat_map(|folder| names.iter().map(|name| folder.join(name)));
    files.filter(|file| file.is_file()).collect()
}

/// What a file is, by its name, and what it is called in the link directory.
pub(crate) fn found_file(
    path: &Path,
    target: &Target,
    preference: Preference,
) -> Result<FoundFile, &'static str> {
    let Some(own) = path.file_name().and_then(|name| name.to_str()) else {
        return Err("its name is not UTF-8");
    };
    let stem = own.split('.').next().unwrap_or_default();
    let stem = stem.strip_prefix("lib").unwrap_or(stem);
    let mut hash = Hash::new();
    hash.add(&path.to_string_lossy());
    let name = format!("cgolink_{}_{stem}", &hash.hex()[..16]);
    let ends = [
        ".dll.a", ".a", ".obj", ".o", ".dylib", ".tbd", ".lib", ".dll", ".so",
    ];
    let end = ends
        .into_iter()
        .find(|end| own.ends_with(end) || *end == ".so" && own.contains(".so."));
    let (kind, name, file_name) = match end {
        Some(".a") if is_thin(path) => {
            return Err(
                "it is a thin archive, which only lists its objects: make it without `T`, as in `ar crs libNAME.a FILE.o`",
            );
        }
        Some(".a") => {
            let whole = preference == Preference::WholeArchive;
            let file_name = format!("lib{name}.a");
            (
                if whole {
                    FileKind::WholeArchive
                } else {
                    FileKind::Archive
                },
                name,
                file_name,
            )
        }
        Some(".o" | ".obj") if target.vendor == "apple" => {
            return Err(
                "this linker takes objects only from an archive: make one with `ar crs libNAME.a FILE.o`",
            );
        }
        Some(end @ (".o" | ".obj")) => (
            FileKind::Object,
            format!("{name}{end}"),
            format!("{name}{end}"),
        ),
        Some(".so") => shared_elf(path, own, name),
        Some(end @ (".dll.a" | ".tbd")) => {
            let file_name = format!("lib{name}{end}");
            (FileKind::Shared { recorded: None }, name, file_name)
        }
        Some(".lib") => (
            FileKind::Shared { recorded: None },
            name.clone(),
            name + ".lib",
        ),
        Some(".dll") => (
            FileKind::Shared {
                recorded: Some(own.to_string()),
            },
            name.clone(),
            name + ".dll",
        ),
        Some(".dylib") => {
            let file_name = format!("lib{name}.dylib");
            (
                FileKind::Shared {
                    recorded: Some(own.to_string()),
                },
                name,
                file_name,
            )
        }
        _ => {
            return Err(
                "a library ends in .a, .so, .dylib or .lib, an object in .o; a C file belongs on a `#cgo SOURCES:` line",
            );
        }
    };
    Ok(FoundFile {
        path: path.to_path_buf(),
        kind,
        name,
        file_name,
    })
}

fn shared_elf(path: &Path, own: &str, name: String) -> (FileKind, String, String) {
    let file_name = format!("lib{name}.so");
    let recorded = match soname(path) {
        Soname::Is(recorded) => Some(recorded),
        // The linker then records the name that it finds the library under, which is one of our own.
        Soname::None => None,
        Soname::Unknown => Some(own.to_string()),
    };
    (FileKind::Shared { recorded }, name, file_name)
}

fn is_thin(path: &Path) -> bool {
    let mut start = [0; 8];
    fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && &start == b"!<thin>\n"
}

/// What an ELF library says that it is called.
enum Soname {
    Is(String),
    None,
    /// Not an ELF file, but perhaps a linker script, or one whose name is a path.
    Unknown,
}

fn soname(path: &Path) -> Soname {
    let Ok(bytes) = fs::read(path) else {
        return Soname::Unknown;
    };
    match object::soname(&bytes) {
        Some(Some(name)) if !name.is_empty() && !name.contains('/') => Soname::Is(name.to_string()),
        Some(None) => Soname::None,
        _ => Soname::Unknown,
    }
}
