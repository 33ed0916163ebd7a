//! Writes `_cgo_export.h` for the preamble's `#include`, and its copy for C programs that use the library.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_csyntax::files::kept_file;
use cgo_toolchain::hash::Hash;
use cgo_toolchain::session::Session;
use cgo_toolchain::session::environment::variable;

use crate::exports::FILE_NAME;

/// Writes the header, and returns its folder: one in the link directory, or `otherwise` where there is none.
pub(crate) fn put(header: &str, session: &Session, otherwise: &Path) -> Outcome<PathBuf> {
    let folder = match &session.link_directory {
        Some(folder) => {
            let mut hash = Hash::default();
            hash.add(&session.crate_identity);
            // Builds of one crate with different features have different headers.
            hash.add(header);
            folder.join(format!("export-{}", hash.hex()))
        }
        None => otherwise.to_path_buf(),
    };
    let file = folder.join(FILE_NAME);
    if fs::read(&file).is_ok_and(|old| old == header.as_bytes()) {
        kept_file::touch(&folder);
        return Ok(folder);
    }
    let written =
        fs::create_dir_all(&folder).and_then(|()| kept_file::write(&file, header.as_bytes()));
    written.or_else(|error| cannot_write(&file, &error))?;
    // It is written while rustc runs, and must not be newer than the build to Cargo.
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let _ = fs::File::options()
        .append(true)
        .open(&file)
        .and_then(|file| file.set_modified(old));
    Ok(folder)
}

/// Writes the copy of `#cgo header:`. It is for the author: nothing is written into the sources of a package from a registry, which Cargo
/// leaves as they were packed, nor where they cannot be written.
pub(crate) fn copy(header: &str, file: &Path) -> Outcome<()> {
    if fs::read(file).is_ok_and(|old| old == header.as_bytes()) || is_packed() {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let written =
        fs::create_dir_all(folder).and_then(|()| kept_file::write(file, header.as_bytes()));
    match written {
        Err(error) if is_read_only(&error) => Ok(()),
        written => written.or_else(|error| cannot_write(file, &error)),
    }
}

/// Whether the sources are those of a packed crate: Cargo keeps the author's manifest beside its own.
fn is_packed() -> bool {
    let package = variable("CARGO_MANIFEST_DIR").map(PathBuf::from);
    package.is_some_and(|package| package.join("Cargo.toml.orig").is_file())
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

#[cfg(test)]
mod tests {
    // The lint's exception for tests does not reach functions beside them.
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Another process may prune the link directory just before the compiler reads the header.
    #[test]
    fn a_folder_that_is_used_again_is_marked_so() {
        let link_directory = kept_file::temporary(&std::env::temp_dir(), "link");
        let session = Session {
            link_directory: Some(link_directory.clone()),
            ..Session::of_this_process()
        };
        let folder = put("int f(void);", &session, Path::new("")).unwrap();
        let modified = || fs::metadata(&folder).unwrap().modified().unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        fs::File::open(&folder)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        assert_eq!(modified(), long_ago);
        put("int f(void);", &session, Path::new("")).unwrap();
        assert!(modified() > long_ago);
        fs::remove_dir_all(link_directory).unwrap();
    }
}
