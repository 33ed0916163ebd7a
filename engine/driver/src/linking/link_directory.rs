//! Puts the files that are linked into the link directory, and shared libraries into the run directory.
//!
//! A shared library must be found again when the program runs, and a macro cannot set an rpath. So it is put into the run directory,
//! beside the link directory, under the name that the program records. `cargo run` and `cargo test` search this directory. No linker
//! does, so that another crate's `-l` does not find it. A program that is started in another way needs `LD_LIBRARY_PATH`, an rpath in
//! `rustflags`, or the library in a system folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Outcome, cannot_write, fail};
use cgo_csyntax::files::kept_file;
use cgo_csyntax::files::stamp;
use cgo_csyntax::message::Message;
use cgo_object::import_library;

use crate::linking::link_attribute::Link;
use crate::linking::linkable_file::{FileKind, LinkableFile};

/// One line with what [`add`] needs to know of a link. `None` if a path does not fit on a line, `Some(None)` if there is no file.
pub(crate) fn to_line(link: &Link) -> Option<Option<String>> {
    let Link::File(file) = link else {
        return Some(None);
    };
    let recorded = match &file.kind {
        FileKind::Shared { recorded } => recorded.as_deref().unwrap_or_default(),
        _ => "",
    };
    let parts = [&file.name, &file.file_name, recorded, file.path.to_str()?];
    let plain = parts.iter().all(|part| !part.contains(['\t', '\n', '\r']));
    plain.then(|| Some(parts.join("\t")))
}

/// The link of such a line, as far as [`add`] needs it.
pub(crate) fn from_line(line: &str) -> Option<Link> {
    let mut parts = line.split('\t').map(str::to_string);
    let (name, file_name, recorded) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Link::File(LinkableFile {
        path: PathBuf::from(parts.next()?),
        kind: FileKind::Shared {
            recorded: Some(recorded).filter(|recorded| !recorded.is_empty()),
        },
        name,
        file_name,
    }))
}

/// Puts the file of `link`, if it has one, into the link directory, and what a program needs of it into the run directory.
pub(crate) fn add(link_directory: &Path, owner: &Owner, link: &Link) -> Outcome<()> {
    let Link::File(file) = link else {
        return Ok(());
    };
    let path = std::path::absolute(&file.path).or_else(|error| cannot_write(&file.path, &error))?;
    install(&path, link_directory, &file.file_name)?;
    let recorded = match &file.kind {
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
        install(path, &run_directory, name)?;
    }
    Ok(())
}

/// The preamble that needs a shared library at run time.
pub(crate) struct Owner {
    /// The name of its crate.
    pub(crate) name: String,
    /// Tells it from all other preambles.
    pub(crate) key: String,
    /// Its Rust file.
    pub(crate) file: PathBuf,
}

/// Records which file the owner needs under a name. It is an error if another preamble needs another file under this name, since
/// programs of both search the run directory. A record counts only as long as the Rust file of its preamble is unchanged.
fn claim(path: &Path, folder: &Path, name: &str, owner: &Owner) -> Outcome<()> {
    let start = format!(".{name}.");
    let claim = folder.join(format!("{start}{}", owner.key));
    let state = stamp::of_file(&owner.file).unwrap_or_default().to_string();
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
        let holds = stamp::of_file(Path::new(file)).is_some_and(|stamp| stamp.to_string() == state);
        if holds && theirs != path && theirs.is_file() && !is_copy(theirs, path) {
            let message = Message::new(format!(
                "two shared libraries have the name `{name}` at run time: `{}` here, and `{}` in the crate `{crate_name}`",
                path.display(),
                theirs.display()
            ));
            return fail(
                message
                    .help("link the same file, or build the libraries with different names, with `-Wl,-soname,NAME`")
                    .help("run `cargo clean -p cgo-runtime` if that crate no longer links its library"),
            );
        }
    }
    Ok(())
}

fn is_copy(one: &Path, other: &Path) -> bool {
    let length = |file| fs::metadata(file).map(|data| data.len()).ok();
    length(one) == length(other)
        && matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

/// Puts a file into a folder under this name: as a symbolic link, which always shows the file as it is now, or as a copy where the
/// system has no such links.
fn install(path: &Path, folder: &Path, name: &str) -> Outcome<()> {
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

/// Whether `place` is a link to the file, or an up-to-date copy of it.
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

/// The DLLs of an import library: in its folder, or in the `bin` beside it. Microsoft's `foo.lib` tells their names, mingw's
/// `libfoo.dll.a` has them from its own.
fn dlls_of(path: &Path) -> Vec<PathBuf> {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else {
        return Vec::new();
    };
    let name = name.to_string_lossy();
    let names = match name.strip_suffix(".dll.a") {
        Some(name) => [name, name.strip_prefix("lib").unwrap_or(name)]
            .map(|name| format!("{name}.dll"))
            .into(),
        None if name.ends_with(".lib") => import_library::dlls(&fs::read(path).unwrap_or_default()),
        None => Vec::new(),
    };
    let mut files = Vec::new();
    for folder in [folder, &folder.join("../bin")] {
        let all = names.iter().map(|name| folder.join(name));
        files.extend(all.filter(|file| file.is_file()));
    }
    files
}
