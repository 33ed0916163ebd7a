//! Removes the oldest files of the link directory when there are many.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The number of files in the link directory above which the oldest are removed.
const MOST_FILES: usize = 400;
/// Files that were used within this time stay: another process may be about to link them.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// Removes the least recently used files if there are many. They are made again when they are needed.
pub(crate) fn prune(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let ours = |name: &str| {
        [
            "module-",
            "manifest-",
            "compiler-",
            "libcgo_",
            "source-",
            "export-",
            "error-",
            "layouts-",
            "tmp-",
        ]
        .iter()
        .any(|start| name.starts_with(start))
    };
    // A library has the time of its module, and an object that of its entry, which are touched at each use.
    let used = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_str()?;
        let library = name
            .strip_prefix("libcgo_")
            .and_then(|name| name.strip_suffix(".a"));
        let entry = match library {
            Some(key) => format!("module-{key}.rs"),
            None => name.strip_suffix(".o")?.to_string(),
        };
        fs::metadata(folder.join(entry)).ok()?.modified().ok()
    };
    let dated = |entry: fs::DirEntry| {
        let own = entry.metadata().ok()?.modified().ok()?;
        Some((used(&entry).unwrap_or(own), entry.path()))
    };
    let entries = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(ours));
    let mut files: Vec<(SystemTime, PathBuf)> = entries.filter_map(dated).collect();
    if files.len() <= MOST_FILES {
        return;
    }
    files.sort();
    let surplus = files.len() - MOST_FILES / 2;
    for (used, file) in files.into_iter().take(surplus) {
        if used.elapsed().is_ok_and(|age| age > KEPT) {
            // A folder is a header's, or the work folder of a killed process.
            let _ = fs::remove_file(&file).or_else(|_| fs::remove_dir_all(&file));
        }
    }
}
