//! A folder for what the compiler writes on the way; it is gone afterwards, whatever happens.

use std::fs;
use std::path::PathBuf;

use cgo_preamble::diagnostic::{Outcome, cannot_write};

use crate::cache;
use crate::environment::{Purpose, Session};

/// A folder for what the compiler writes on the way; it is gone afterwards, whatever happens.
pub(crate) struct WorkFolder {
    pub(crate) path: PathBuf,
}

impl WorkFolder {
    pub(crate) fn create(session: &Session) -> Outcome<WorkFolder> {
        let parent = session
            .link_directory
            .clone()
            .unwrap_or_else(std::env::temp_dir);
        let path = cache::temporary(&parent, "work");
        match fs::create_dir_all(&path) {
            Ok(()) => Ok(WorkFolder { path }),
            // A check can do without the target folder.
            Err(_) if session.purpose == Purpose::Declare => {
                let path = cache::temporary(&std::env::temp_dir(), "work");
                fs::create_dir_all(&path).or_else(|error| cannot_write(&path, &error))?;
                Ok(WorkFolder { path })
            }
            Err(error) => cannot_write(&path, &error),
        }
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
