//! The work folder: temporary files of one expansion.

use std::fs;
use std::path::PathBuf;

use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_csyntax::files::kept_file;

use crate::session::{CompileMode, Session};

/// It is removed when it is dropped.
pub struct WorkFolder {
    pub path: PathBuf,
}

impl WorkFolder {
    pub fn create(session: &Session) -> Outcome<WorkFolder> {
        let parent = session
            .link_directory
            .clone()
            .unwrap_or_else(std::env::temp_dir);
        let path = kept_file::temporary(&parent, "work");
        match fs::create_dir_all(&path) {
            Ok(()) => Ok(WorkFolder { path }),
            // A check needs no file of the target folder afterwards.
            Err(_) if session.mode == CompileMode::Check => {
                let path = kept_file::temporary(&std::env::temp_dir(), "work");
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
