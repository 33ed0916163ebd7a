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
//! A shared library must be found again when the program runs, and a macro cannot set an rpath. It is reachable in the
//! link directory under the name that the program records, and `cargo run` and `cargo test` search there. A program
//! that is started otherwise needs `LD_LIBRARY_PATH`, an rpath in `rustflags`, or the library in a system folder.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use cgo_preamble::target::Target;

use crate::cache::{self, Hash};
use crate::object_file;

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
    /// With the name by which a program that is linked to it asks for it; an import library has none.
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
pub(crate) fn place_in(link_directory: &Path, link: &Link) -> io::Result<()> {
    let Link::File(found) = link else {
        return Ok(());
    };
    let path = std::path::absolute(&found.path)?;
    reach(&path, link_directory, &found.file_name)?;
    if let FileKind::Shared {
        recorded: Some(recorded),
    } = &found.kind
    {
        reach(&path, link_directory, recorded)?;
    }
    for library in dlls_of(&path) {
        if let Some(name) = library.file_name().and_then(|name| name.to_str()) {
            reach(&library, link_directory, name)?;
        }
    }
    Ok(())
}

fn reach(path: &Path, folder: &Path, name: &str) -> io::Result<()> {
    let place = folder.join(name);
    if path == place || fs::read_link(&place).is_ok_and(|target| target == path) {
        return Ok(());
    }
    let temporary = cache::temporary(folder, "link");
    let made = symbolic_link(path, &temporary).or_else(|_| fs::copy(path, &temporary).map(|_| ()));
    let moved = made.and_then(|()| fs::rename(&temporary, &place));
    if moved.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    moved
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
        Some(".so") => shared_elf(path, own, stem, name),
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

fn shared_elf(path: &Path, own: &str, stem: &str, name: String) -> (FileKind, String, String) {
    let file_name = format!("lib{name}.so");
    let (recorded, name, file_name) = match soname(path) {
        Soname::Is(recorded) => (recorded, name, file_name),
        // The linker then records the name that it finds the library under.
        Soname::None if own == format!("lib{stem}.so") => {
            (own.to_string(), stem.to_string(), own.to_string())
        }
        Soname::None => (file_name.clone(), name, file_name),
        Soname::Unknown => (own.to_string(), name, file_name),
    };
    (
        FileKind::Shared {
            recorded: Some(recorded),
        },
        name,
        file_name,
    )
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
    match object_file::soname(&bytes) {
        Some(Some(name)) if !name.is_empty() && !name.contains('/') => Soname::Is(name.to_string()),
        Some(None) => Soname::None,
        _ => Soname::Unknown,
    }
}
