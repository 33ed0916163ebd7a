//! Tells what a file is to the linker, by its name, and what name a shared library gives itself.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use cgo_csyntax::message::Reason;
use cgo_csyntax::target::Target;
use cgo_object::{archive, import_library};
use cgo_toolchain::compiler::object_target;
use cgo_toolchain::hash::Hash;

/// A file that is put into the link directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LinkableFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    pub(crate) kind: FileKind,
    /// Its name in `#[link]`.
    pub(crate) name: String,
    /// Its name in the link directory.
    pub(crate) file_name: String,
}

/// The kind of a file, as the linker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FileKind {
    Archive,
    WholeArchive,
    Object,
    Shared {
        /// The name that a linked program records, unless it is the name in the link directory. An import library has none.
        recorded: Option<String>,
    },
}

/// What the file at `path` is, or why it cannot be linked.
pub(crate) fn linkable_file(path: &Path, target: &Target) -> Result<LinkableFile, Reason> {
    let Some(own_name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Reason::new("its name is not UTF-8"));
    };
    let Some(ending) = ending(own_name, target) else {
        return Err(
            Reason::new("it has none of the endings .a, .so, .dylib, .lib and .o")
                .help("write C files on a `#cgo SOURCES:` line"),
        );
    };
    if ending == ".lib" && target.os != "windows" {
        return Err(Reason::new("it is a library for Windows"));
    }
    let kind = match ending {
        ".a" if starts_with(path, archive::THIN_MAGIC) => {
            return Err(
                Reason::new("it is a thin archive, which only lists its objects")
                    .help("make it without `T`: `ar crs libNAME.a FILE.o`"),
            );
        }
        ".a" => FileKind::Archive,
        ".o" | ".obj" if target.vendor == "apple" => {
            return Err(
                Reason::new("Apple's linker takes objects only from an archive")
                    .help("make one with `ar crs libNAME.a FILE.o`"),
            );
        }
        ".o" | ".obj" => FileKind::Object,
        ".so" => FileKind::Shared {
            recorded: match soname(path) {
                Soname::Is(recorded) => Some(recorded),
                // The linker then records the name in the link directory.
                Soname::None => None,
                Soname::Unknown => Some(own_name.to_string()),
            },
        },
        ".dylib" => FileKind::Shared {
            recorded: Some(install_name(path).unwrap_or(own_name.to_string())),
        },
        ".dll" => FileKind::Shared {
            recorded: Some(own_name.to_string()),
        },
        ".lib" if target.env == "msvc" && !is_import_library(path) => FileKind::Archive,
        _ => FileKind::Shared { recorded: None },
    };
    let unique = unique_name(path, own_name);
    let file_name = match ending {
        ".o" | ".obj" | ".lib" | ".dll" => [&unique, ending].concat(),
        _ => ["lib", &unique, ending].concat(),
    };
    Ok(LinkableFile {
        path: path.to_path_buf(),
        name: match kind {
            FileKind::Object => file_name.clone(),
            _ => unique,
        },
        kind,
        file_name,
    })
}

/// What an object, a shared library or the first object of an archive is for, if that is not the target.
pub(crate) fn another_machine(path: &Path, target: &Target) -> Option<String> {
    let object = match ending(path.file_name()?.to_str()?, target)? {
        ".a" | ".dll.a" => archive::first_object(&mut fs::File::open(path).ok()?).ok()?,
        ".o" | ".obj" | ".so" | ".dylib" => fs::read(path).ok()?,
        // One `.lib` may have objects for two machines, and a `.dll` is no object file.
        _ => return None,
    };
    object_target::another_machine(&object, target)
}

/// The ending by which the file is known.
fn ending(name: &str, target: &Target) -> Option<&'static str> {
    // Windows knows no case of names.
    let lower_case = name.to_ascii_lowercase();
    let name = match target.os == "windows" {
        true => &lower_case,
        false => name,
    };
    let mut endings = ENDINGS.into_iter();
    endings.find(|ending| name.ends_with(ending) || *ending == ".so" && name.contains(".so."))
}

/// The library in a framework, which has no ending, or is a list of what such a library exports. No folder but the framework itself is
/// searched for it when a program runs.
pub(crate) fn framework_file(path: &Path, _: &Target) -> Result<LinkableFile, Reason> {
    let Some(own_name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Reason::new("its name is not UTF-8"));
    };
    let shared = FileKind::Shared { recorded: None };
    let (kind, ending) = match own_name.ends_with(".tbd") {
        true => (shared, ".tbd"),
        false if starts_with(path, archive::MAGIC) => (FileKind::Archive, ".a"),
        false => (shared, ".dylib"),
    };
    let name = unique_name(path, own_name);
    Ok(LinkableFile {
        path: path.to_path_buf(),
        kind,
        file_name: format!("lib{name}{ending}"),
        name,
    })
}

/// The endings of files that can be linked, the longer ones first.
const ENDINGS: [&str; 9] = [
    ".dll.a", ".a", ".obj", ".o", ".dylib", ".tbd", ".lib", ".dll", ".so",
];

/// A name that no other file has in the link directory, which is that of all crates.
fn unique_name(path: &Path, own_name: &str) -> String {
    let stem = own_name.split('.').next().unwrap_or_default();
    let stem = stem.strip_prefix("lib").unwrap_or(stem);
    let mut hash = Hash::default();
    hash.add(&path.to_string_lossy());
    format!("cgolink_{}_{stem}", &hash.hex()[..16])
}

fn is_import_library(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| !import_library::dlls(&bytes).is_empty())
}

fn starts_with(path: &Path, expected: &[u8; 8]) -> bool {
    let mut start = [0; 8];
    fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && start == *expected
}

/// The last part of the path by which a library of Apple's systems wants to be found. Its folder is searched for it first, then the run
/// directory.
fn install_name(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    let name = cgo_object::install_name(&bytes)?;
    let last = name.rsplit('/').next()?;
    (!last.is_empty()).then(|| last.to_string())
}

/// The name that an ELF library gives itself, `DT_SONAME`.
enum Soname {
    Is(String),
    None,
    /// Not known: it is no ELF file but perhaps a linker script, or the name is a path.
    Unknown,
}

fn soname(path: &Path) -> Soname {
    let Ok(bytes) = fs::read(path) else {
        return Soname::Unknown;
    };
    match cgo_object::soname(&bytes) {
        Some(Some(name)) if !name.is_empty() && !name.contains('/') => Soname::Is(name.to_string()),
        Some(None) => Soname::None,
        _ => Soname::Unknown,
    }
}
