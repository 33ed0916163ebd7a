//! Keeps answers and libraries in the link directory, under names that are hashes of all that they depend on. Files are
//! written under another name first, so that nobody meets half of one.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// So many files the link directory may hold before the oldest are removed.
const MOST_FILES: usize = 400;
/// What was used within this time stays: another process may be about to link it.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// 128 bits over a sequence of texts, each apart from the next.
#[derive(Clone)]
pub(crate) struct Hash {
    halves: [DefaultHasher; 2],
}

impl Hash {
    pub(crate) fn new() -> Hash {
        let mut halves = [DefaultHasher::new(), DefaultHasher::new()];
        halves[1].write_u8(1);
        Hash { halves }
    }

    pub(crate) fn add(&mut self, text: &str) -> &mut Hash {
        for half in &mut self.halves {
            half.write_usize(text.len());
            half.write(text.as_bytes());
        }
        self
    }

    /// 64 bits of it.
    pub(crate) fn half(&self) -> u64 {
        self.halves[0].finish()
    }

    pub(crate) fn hex(&self) -> String {
        format!(
            "{:016x}{:016x}",
            self.halves[0].finish(),
            self.halves[1].finish()
        )
    }
}

/// A file's length and time of change: what Cargo too takes for its content. `None` if there is no such file.
pub(crate) fn stamp(file: &Path) -> Option<String> {
    let data = fs::metadata(file).ok()?;
    let changed = data
        .modified()
        .ok()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Some(format!("{} {}", data.len(), changed.as_nanos()))
}

/// A name beside `file` that no other process or thread uses.
pub(crate) fn temporary(folder: &Path, extension: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    folder.join(format!("tmp-{}-{now}-{count}.{extension}", process::id()))
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let temporary = temporary(folder, "new");
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, file));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Marks a file or folder as used now.
pub(crate) fn touch(path: &Path) {
    let file = fs::File::options().append(true).open(path);
    // A folder is opened for reading only, which is enough on Unix.
    if let Ok(file) = file.or_else(|_| fs::File::open(path)) {
        let _ = file.set_modified(SystemTime::now());
    }
}

/// Removes what has not been used for longest, when there is much of it. What goes is made anew when it is wanted.
pub(crate) fn prune(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let ours = |name: &str| {
        [
            "answer-",
            "scan-",
            "compiler-",
            "libcgo_",
            "export-",
            "error-",
            "layouts-",
            "tmp-",
        ]
        .iter()
        .any(|start| name.starts_with(start))
    };
    let dated = |entry: fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
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
            // A folder is what a killed process worked in.
            let _ = fs::remove_file(&file).or_else(|_| fs::remove_dir_all(&file));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together() {
        let hex = |texts: &[&str]| {
            let mut hash = Hash::new();
            texts.iter().for_each(|text| {
                hash.add(text);
            });
            hash.hex()
        };
        assert_ne!(hex(&["ab", "c"]), hex(&["a", "bc"]));
        assert_eq!(hex(&["ab", "c"]), hex(&["ab", "c"]));
        assert_eq!(hex(&[]).len(), 32);
    }
}
