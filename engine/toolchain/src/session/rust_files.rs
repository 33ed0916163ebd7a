//! Finds the Rust files below a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Every `.rs` file below `folder`, sorted within each folder. Hidden folders, Cargo's output and symbolic links to folders, which may
/// form a circle, are skipped.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        let (before, mut inner) = (files.len(), Vec::new());
        for entry in entries.flatten() {
            let path = entry.path();
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // Cargo's output is beside a root file that lies in the package's folder.
                if !hidden && !path.join("CACHEDIR.TAG").exists() {
                    inner.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
        files[before..].sort();
        inner.sort();
        folders.extend(inner);
    }
    files
}
