//! Stamps: the length and times of a file, which change with its content.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::checksum;

/// The stamp of a file; `None` if it does not exist.
pub fn of_file(file: &Path) -> Option<Stamp> {
    Some(of_metadata(&fs::metadata(file).ok()?))
}

/// A hash, since numbers are compared more quickly than texts.
pub type Stamp = u64;

/// The stamp for these metadata. The inode and its time of change detect another file that was put in its place with the same length
/// and time.
pub fn of_metadata(data: &fs::Metadata) -> Stamp {
    let nanoseconds = |time: Duration| {
        time.as_secs().wrapping_mul(1_000_000_000) + u64::from(time.subsec_nanos())
    };
    let [content, entry] = changed(data).map(nanoseconds);
    [content, entry, number(data)]
        .into_iter()
        .fold(data.len(), checksum::mix)
}

/// Whether a file may have changed after `since` without another stamp: all changes within one tick of a file system's clock have the
/// same time. A tick may be two seconds.
pub fn may_be_changing(data: &fs::Metadata, since: SystemTime) -> bool {
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

/// The times of change of the content and of the inode, where the system has them.
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

/// The inode number.
#[cfg(unix)]
fn number(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}
