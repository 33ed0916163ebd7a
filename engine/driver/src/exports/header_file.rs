//! Puts `_cgo_export.h` where the preamble's `#include` finds it, and where users of the library want it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cgo_csyntax::diagnostic::{Outcome, cannot_write};

use crate::cache::hash::Hash;
use crate::cache::kept_file;
use crate::exports::FILE_NAME;
use crate::session::Session;

/// Writes the header unless it is there already, and returns its folder: one of the crate's own in the link directory, or
/// `otherwise` where there is none.
pub(crate) fn put(header: &str, session: &Session, otherwise: &Path) -> Outcome<PathBuf> {
    let folder = match &session.link_directory {
        Some(folder) => {
            let mut hash = Hash::new();
            hash.add(&session.crate_identity);
            // Two builds of one crate with other features have other headers.
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
    // It is made from the crate's sources while rustc runs, and Cargo must not take it for newer than the build.
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let _ = fs::File::options()
        .append(true)
        .open(&file)
        .and_then(|file| file.set_modified(old));
    Ok(folder)
}

/// Writes the header where `#cgo header:` wants it for those who use the library from C, if it is not there already.
pub(crate) fn copy(header: &str, file: &Path) -> Outcome<()> {
    if fs::read(file).is_ok_and(|old| old == header.as_bytes()) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| kept_file::write(file, header.as_bytes()))
        .or_else(|error| cannot_write(file, &error))
}

#[cfg(test)]
mod tests {
    // The lint's exception for tests does not reach functions beside them.
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Else another process, which prunes, could take it for one that nobody uses, just before the compiler looks for it.
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
