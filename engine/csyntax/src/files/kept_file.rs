//! Writes files of the link directory atomically, and detects damaged ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::checksum;

/// The last line of a kept file, a comment to Rust.
fn last_line(bytes: &[u8]) -> String {
    format!("//kept {:016x}\n", checksum::sum(bytes))
}

/// Writes a file with a checksum, for [`kept`].
pub fn keep(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write(file, &[bytes, last_line(bytes).as_bytes()].concat())
}

/// What [`keep`] wrote; `None` if the file is damaged. After a power cut it may be empty, short, or full of zeros.
pub fn kept(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(file).ok()?;
    let length = bytes.len().checked_sub(last_line(&[]).len())?;
    let line_read = bytes.split_off(length);
    (line_read == last_line(&bytes).as_bytes()).then_some(bytes)
}

/// A path in the folder that no other process or thread uses.
pub fn temporary(folder: &Path, extension: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    folder.join(format!("tmp-{}-{now}-{count}.{extension}", process::id()))
}

/// Writes a file atomically.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let temporary = temporary(folder, "new");
    let written = fs::write(&temporary, bytes).and_then(|()| put(&temporary, file));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Moves a file to its place, and replaces what is there.
pub fn put(made: &Path, place: &Path) -> io::Result<()> {
    fs::rename(made, place).or_else(|error| match fs::remove_dir_all(place) {
        Ok(()) => fs::rename(made, place),
        Err(_) => Err(error),
    })
}

/// Marks a file or folder as used now.
pub fn touch(path: &Path) {
    let file = fs::File::options().append(true).open(path);
    // A folder can only be opened for reading; on Unix that is enough.
    if let Ok(file) = file.or_else(|_| fs::File::open(path)) {
        let _ = file.set_modified(SystemTime::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
