//! The inputs of a module, and whether they are unchanged: files, and names that were looked for in folders.
//!
//! The stamp of a folder tells whether a name may have appeared in it. So a check takes one system call a file and a folder, however many
//! names were looked for. Only in a folder that has changed the names are looked for again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::files::stamp;

/// The inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    files: BTreeSet<PathBuf>,
    /// The names that were looked for in these folders.
    searches: Vec<(Vec<PathBuf>, BTreeSet<String>)>,
}

/// The first words of the lines.
const FILE: &str = "file";
const NAMES: &str = "names";
const FOLDER: &str = "folder";
/// The state of a file or folder that does not exist.
const ABSENT: &str = "-";
/// The state of a folder whose stamp does not tell of its names.
const UNKNOWN: &str = "?";

impl Inputs {
    /// Adds a file that was read, or would be if it existed.
    pub fn file(&mut self, file: PathBuf) {
        self.files.insert(file);
    }

    /// Adds names that were looked for in each of these folders, found or not. A name may have folders in it.
    pub fn search(&mut self, folders: Vec<PathBuf>, names: BTreeSet<String>) {
        if !folders.is_empty() && !names.is_empty() {
            self.searches.push((folders, names));
        }
    }

    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter()
    }

    pub fn add(&mut self, other: Inputs) {
        self.files.extend(other.files);
        self.searches.extend(other.searches);
    }

    /// The inputs with their state, for [`unchanged`]. `None` if one has changed since the start, so that it is not known which state was
    /// read.
    pub fn written(&self, since: SystemTime) -> Option<String> {
        let mut text = String::new();
        for file in &self.files {
            let state = settled(file, since)?;
            let _ = writeln!(text, "{FILE}\t{state}\t{}", line_part(file.to_str()?)?);
        }
        for (folders, names) in &self.searches {
            let unique: BTreeSet<PathBuf> = folders.iter().cloned().collect();
            for (start, names) in by_folder(names) {
                write_search(&mut text, &unique, &start, &names, since)?;
            }
        }
        Some(text)
    }
}

/// Whether all inputs have the state that was written.
pub fn unchanged(text: &str) -> bool {
    let mut names: Vec<&str> = Vec::new();
    text.lines().all(|line| {
        let mut parts = line.split('\t');
        let kind = parts.next().unwrap_or_default();
        if kind == NAMES {
            names = parts.collect();
            return true;
        }
        let (Some(recorded), Some(path)) = (parts.next(), parts.next().map(Path::new)) else {
            return false;
        };
        let same = match stamp::of_file(path) {
            Some(stamp) => u64::from_str_radix(recorded, 16) == Ok(stamp),
            None => recorded == ABSENT,
        };
        if same {
            return true;
        }
        kind == FOLDER && present(path, &names).eq(parts)
    })
}

/// The state of a file or folder; `None` while it may be changing.
fn settled(path: &Path, since: SystemTime) -> Option<String> {
    let Ok(data) = fs::metadata(path) else {
        return Some(ABSENT.to_string());
    };
    (!stamp::may_be_changing(&data, since)).then(|| format!("{:x}", stamp::of_metadata(&data)))
}

/// A part of a line; `None` if it has a character that ends one.
fn line_part(text: &str) -> Option<&str> {
    (!text.contains(['\t', '\n', '\r'])).then_some(text)
}

/// The names by the folder in front of them. This folder is a name itself, in the folder around it.
fn by_folder(names: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in names {
        let mut rest = name.as_str();
        while !rest.is_empty() {
            let (folder, last) = rest.rsplit_once('/').unwrap_or(("", rest));
            let names = found.entry(folder.to_string()).or_default();
            names.insert(last.to_string());
            rest = folder;
        }
    }
    found
}

fn write_search(
    text: &mut String,
    folders: &BTreeSet<PathBuf>,
    start: &str,
    names: &BTreeSet<String>,
    since: SystemTime,
) -> Option<()> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    text.push_str(NAMES);
    for name in &names {
        let _ = write!(text, "\t{}", line_part(name)?);
    }
    text.push('\n');
    for folder in folders {
        let folder = folder.join(start);
        let mut state = settled(&folder, since)?;
        // The folder around it has a state too.
        if state == ABSENT && !start.is_empty() {
            continue;
        }
        // The target of a dangling link may appear in another folder.
        let leads_nowhere = |name: &&str| {
            let path = folder.join(name);
            fs::symlink_metadata(&path).is_ok() && !path.exists()
        };
        if names.iter().any(leads_nowhere) {
            state = UNKNOWN.to_string();
        }
        let _ = write!(text, "{FOLDER}\t{state}\t{}", line_part(folder.to_str()?)?);
        for name in present(&folder, &names) {
            let _ = write!(text, "\t{name}");
        }
        text.push('\n');
    }
    Some(())
}

/// The names that exist in the folder. Those of folders, which are no headers, end with `/`.
fn present(folder: &Path, names: &[&str]) -> impl Iterator<Item = String> {
    names.iter().filter_map(|name| {
        let data = fs::metadata(folder.join(name)).ok()?;
        let end = if data.is_dir() { "/" } else { "" };
        Some(format!("{name}{end}"))
    })
}

#[cfg(test)]
mod tests {
    // The lint's exception for tests does not reach functions beside them.
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;
    use cgo_csyntax::files::kept_file;

    /// A folder of its own, removed in the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Folder {
            let folder = Folder(kept_file::temporary(&std::env::temp_dir(), "inputs"));
            fs::create_dir_all(&folder.0).unwrap();
            folder
        }

        fn write(&self, file: &str, text: &str) {
            let file = self.0.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }

        /// What stands in the text when `names` are looked for in the folders `a` and `b`, and `a/read.h` is read.
        fn written(&self, names: &[&str]) -> String {
            let mut inputs = Inputs::default();
            inputs.file(self.0.join("a/read.h"));
            let names = names.iter().map(|name| name.to_string()).collect();
            inputs.search(vec![self.0.join("a"), self.0.join("b")], names);
            // Nothing would be known of files that a test has just written.
            let later = SystemTime::now() + Duration::from_secs(5);
            inputs.written(later).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_of_another_content_is_noticed() {
        let folder = Folder::new();
        folder.write("a/read.h", "1");
        let text = folder.written(&[]);
        assert!(unchanged(&text));
        folder.write("a/read.h", "22");
        assert!(!unchanged(&text));
        fs::remove_file(folder.0.join("a/read.h")).unwrap();
        assert!(!unchanged(&text));
    }

    #[test]
    fn a_file_of_the_same_length_and_time_is_noticed() {
        let folder = Folder::new();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let put = |text: &str| {
            folder.write("new.h", text);
            let new = folder.0.join("new.h");
            let file = fs::File::options().append(true).open(&new).unwrap();
            file.set_modified(long_ago).unwrap();
            fs::create_dir_all(folder.0.join("a")).unwrap();
            fs::rename(new, folder.0.join("a/read.h")).unwrap();
        };
        put("1");
        let text = folder.written(&[]);
        std::thread::sleep(Duration::from_millis(20));
        put("2");
        // Elsewhere only the content's time is known.
        assert_eq!(unchanged(&text), !cfg!(unix));
    }

    #[test]
    fn a_name_that_appears_or_goes_is_noticed() {
        for name in ["late.h", "sub/late.h", "deep/er/late.h"] {
            let folder = Folder::new();
            folder.write("a/read.h", "");
            folder.write("a/sub/other.h", "");
            let text = folder.written(&["read.h", name]);
            // What nobody looked for changes nothing, though it changes the folder.
            folder.write("a/unrelated.txt", "");
            folder.write("a/sub/unrelated.txt", "");
            assert!(unchanged(&text), "{name}");
            folder.write(&format!("b/{name}"), "");
            assert!(!unchanged(&text), "{name}");
            let text = folder.written(&["read.h", name]);
            fs::remove_file(folder.0.join("b").join(name)).unwrap();
            assert!(!unchanged(&text), "{name}");
        }
    }

    #[test]
    fn a_folder_where_a_file_is_looked_for_is_none() {
        let folder = Folder::new();
        folder.write("a/read.h", "");
        folder.write("b/read.h/other", "");
        let text = folder.written(&["read.h"]);
        fs::remove_dir_all(folder.0.join("b/read.h")).unwrap();
        folder.write("b/read.h", "");
        assert!(!unchanged(&text));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_that_appears_is_noticed() {
        let folder = Folder::new();
        folder.write("a/read.h", "");
        std::os::unix::fs::symlink(folder.0.join("made.h"), folder.0.join("a/late.h")).unwrap();
        let text = folder.written(&["late.h"]);
        assert!(unchanged(&text));
        folder.write("made.h", "");
        assert!(!unchanged(&text));
    }

    #[test]
    fn what_changes_while_the_compiler_reads_is_not_known() {
        let folder = Folder::new();
        let started = SystemTime::now();
        folder.write("a/read.h", "");
        let mut inputs = Inputs::default();
        inputs.file(folder.0.join("a/read.h"));
        assert_eq!(inputs.written(started), None);
    }
}
