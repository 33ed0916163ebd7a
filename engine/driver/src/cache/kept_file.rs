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

/// A file's length and when it was changed: what is taken for its content. `None` if there is no such file.
pub(crate) fn stamp(file: &Path) -> Option<Stamp> {
    Some(stamp_of(&fs::metadata(file).ok()?))
}

/// A sum of what is said of a file. To compare numbers is quicker than to write them.
pub(crate) type Stamp = u64;

/// The same where the file has been asked already. Its number and the second time, which is that of the entry itself, tell
/// another file that was put in its place with the same length and time.
pub(crate) fn stamp_of(data: &fs::Metadata) -> Stamp {
    let nanoseconds = |time: Duration| {
        time.as_secs().wrapping_mul(1_000_000_000) + u64::from(time.subsec_nanos())
    };
    let [content, entry] = changed(data).map(nanoseconds);
    [content, entry, number(data)]
        .into_iter()
        .fold(data.len(), add)
}

fn add(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// Whether a file may still have changed after `since` without another stamp: what changes within one tick of a file system's
/// clock has one time. Some count whole seconds, and some of these every other.
pub(crate) fn may_be_changing(data: &fs::Metadata, since: SystemTime) -> bool {
    let since = since.duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut times = changed(data).into_iter();
    times.any(|time| {
        let tick = match time.subsec_nanos() {
            0 => Duration::from_secs(2),
            _ => Duration::from_millis(20),
        };
        time + tick >= since && now.as_ref().is_ok_and(|now| time <= *now + tick)
    })
}

/// When a file's content was changed, and its entry, where the system tells.
fn changed(data: &fs::Metadata) -> [Duration; 2] {
    let content = data.modified().ok();
    let content = content.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let content = content.unwrap_or_default();
    [content, entry_changed(data).unwrap_or(content)]
}

#[cfg(unix)]
fn entry_changed(data: &fs::Metadata) -> Option<Duration> {
    use std::os::unix::fs::MetadataExt;
    let seconds = u64::try_from(data.ctime()).ok()?;
    Some(Duration::new(
        seconds,
        u32::try_from(data.ctime_nsec()).ok()?,
    ))
}

#[cfg(not(unix))]
fn entry_changed(_: &fs::Metadata) -> Option<Duration> {
    None
}

/// A file's number in its file system.
#[cfg(unix)]
fn number(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

/// A sum of all bytes, quick also where nothing is optimized: by it damage is known, and nothing else.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut sum = bytes.len() as u64;
    for word in words {
        sum = add(sum, u64::from_le_bytes(*word));
    }
    for byte in rest {
        sum = add(sum, u64::from(*byte));
    }
    sum
}

/// The last line of a kept file, a comment to Rust.
fn seal(bytes: &[u8]) -> String {
    format!("//kept {:016x}\n", sum(bytes))
}

/// Writes a file that [`kept`] reads.
pub(crate) fn keep(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write(file, &[bytes, seal(bytes).as_bytes()].concat())
}

/// What [`keep`] wrote; `None` if the file is not as it was written. After a power cut it may be empty, short, or full of zeros.
pub(crate) fn kept(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(file).ok()?;
    let length = bytes.len().checked_sub(seal(&[]).len())?;
    let seal_read = bytes.split_off(length);
    (seal_read == seal(&bytes).as_bytes()).then_some(bytes)
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
    let written = fs::write(&temporary, bytes).and_then(|()| put(&temporary, file));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Moves a file to its place, whatever stands there.
pub(crate) fn put(made: &Path, place: &Path) -> io::Result<()> {
    fs::rename(made, place).or_else(|error| match fs::remove_dir_all(place) {
        Ok(()) => fs::rename(made, place),
        Err(_) => Err(error),
    })
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
            "source-",
            "export-",
            "error-",
            "layouts-",
            "tmp-",
        ]
        .iter()
        .any(|start| name.starts_with(start))
    };
    // A library is as old as its answer, and an object as its entry: those are marked when both are used.
    let used = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_str()?;
        let library = name
            .strip_prefix("libcgo_")
            .and_then(|name| name.strip_suffix(".a"));
        let entry = match library {
            Some(key) => format!("answer-{key}.rs"),
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

    #[test]
    fn what_is_damaged_is_not_read() {
        let file = temporary(&std::env::temp_dir(), "kept");
        let whole = b"some text of more than a word".to_vec();
        keep(&file, &whole).unwrap();
        assert_eq!(kept(&file), Some(whole));
        let written = fs::read(&file).unwrap();
        for length in 0..written.len() {
            fs::write(&file, &written[..length]).unwrap();
            assert_eq!(kept(&file), None, "cut to {length} bytes");
            let zeroed = [&written[..length], &vec![0; written.len() - length]].concat();
            fs::write(&file, zeroed).unwrap();
            assert_eq!(kept(&file), None, "zeroed from byte {length} on");
        }
        fs::write(&file, vec![0; written.len()]).unwrap();
        assert_eq!(kept(&file), None);
        fs::remove_file(&file).unwrap();
    }
}
