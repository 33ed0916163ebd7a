//! Reads the files of a crate, and keeps the results by their stamps, so that after an edit only the edited file is read.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::files::kept_file;
use cgo_csyntax::files::stamp::{self, Stamp};

use super::kept;
use super::node::Scanned;
use super::text;

/// The files of a crate.
pub(crate) struct Files {
    known: HashMap<PathBuf, KnownFile>,
    /// The file where it is kept, if there is one.
    place: Option<PathBuf>,
    /// Whether something has changed since it was kept.
    is_new: bool,
}

/// What is known of a file.
#[cfg_attr(test, derive(Debug, PartialEq))]
struct KnownFile {
    stamp: Stamp,
    /// Whether it must be read: it may have exports, or modules in other files.
    matters: bool,
    /// Whether it has the word `export_c`.
    says_export: bool,
    /// The line and the text of the error that ended the parsing.
    problem: Option<(usize, String)>,
    /// What [`kept::write`] wrote, if it has been read.
    text: Option<String>,
    /// Whether it may still change without another stamp.
    is_fresh: bool,
    /// Whether it has been read for this crate.
    is_given: bool,
}

impl Files {
    /// The files that are kept in the folder for the crate with this root.
    pub(crate) fn of(root: &Path, folder: Option<&Path>) -> Files {
        let place = folder.map(|folder| {
            let mut hash = DefaultHasher::new();
            (root, env!("CARGO_PKG_VERSION")).hash(&mut hash);
            folder.join(format!("export-{:016x}.kept", hash.finish()))
        });
        let text = place.as_ref().and_then(|place| kept_file::kept(place));
        let text = text.and_then(|text| String::from_utf8(text).ok());
        Files {
            known: text.and_then(|text| all_kept(&text)).unwrap_or_default(),
            place,
            is_new: false,
        }
    }

    /// Reads a file; `None` if it does not exist, or has been read. If it cannot matter, it is left empty, unless it `is_asked` for.
    pub(crate) fn read(&mut self, file: &Path, is_asked: bool) -> Option<(Scanned, Said)> {
        let data = fs::metadata(file).ok()?;
        let stamp = stamp::of_metadata(&data);
        let known = self.known.get_mut(file);
        if known.as_ref().is_some_and(|known| known.is_given) {
            return None;
        }
        if let Some(known) = known.filter(|known| known.stamp == stamp) {
            known.is_given = true;
            let said = Said {
                export: known.says_export,
                all: known.matters || is_asked,
            };
            if !said.all {
                return Some((Scanned::default(), said));
            }
            if let Some(mut scanned) = known.text.as_deref().and_then(kept::read) {
                scanned.problem = known.problem.clone();
                return Some((scanned, said));
            }
        }
        let text = fs::read(file).ok()?;
        let text = String::from_utf8_lossy(&text);
        let says_export = text.contains("export_c");
        let matters = says_export || leads_on(&text);
        let scanned = (matters || is_asked).then(|| text::read(&text));
        let known = KnownFile {
            stamp,
            matters,
            says_export,
            problem: scanned.as_ref().and_then(|scanned| scanned.problem.clone()),
            text: scanned.as_ref().map(kept::write),
            is_fresh: stamp::may_be_changing(&data, SystemTime::now()),
            is_given: true,
        };
        self.is_new = true;
        self.known.insert(file.to_path_buf(), known);
        let said = Said {
            export: says_export,
            all: scanned.is_some(),
        };
        Some((scanned.unwrap_or_default(), said))
    }

    /// Allows a file to be read again.
    pub(super) fn give_again(&mut self, file: &Path) {
        if let Some(known) = self.known.get_mut(file) {
            known.is_given = false;
        }
    }

    /// Writes what has changed. An error means only that files are read again.
    pub(crate) fn keep(&self) {
        let Some(place) = self.place.as_ref().filter(|_| self.is_new) else {
            return;
        };
        let _ = kept_file::keep(place, to_keep(&self.known).as_bytes());
    }
}

/// How a file was read.
pub(crate) struct Said {
    /// Whether it has the word `export_c`.
    pub(crate) export: bool,
    /// Whether it has been parsed.
    pub(crate) all: bool,
}

/// Whether a text may have `mod name;` or include a file.
fn leads_on(text: &str) -> bool {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    text.contains("include!")
        || text.contains("cfg_if!")
        || text.contains("cfg_select!")
        || text.match_indices("mod").any(|(at, word)| {
            let behind = &text[at + word.len()..];
            let name = behind.trim_start();
            let rest = name
                .trim_start_matches(|c| is_word(c) || c == '#')
                .trim_start();
            let is_inline = name.len() != rest.len() && rest.starts_with('{');
            behind.starts_with([' ', '\t', '\r', '\n', '/'])
                && !text[..at].ends_with(is_word)
                && !is_inline
                && (rest.starts_with(';') || rest.starts_with('/'))
        })
}

/// The first line of the file. It changes with the format.
const HEAD: &str = "what the files of a crate say to its exports, 3";

fn to_keep(known: &HashMap<PathBuf, KnownFile>) -> String {
    let mut text = format!("{HEAD}\n");
    for (file, known) in known {
        let Some(file) = file
            .to_str()
            .filter(|file| !file.contains('\n') && !known.is_fresh)
        else {
            continue;
        };
        let (line, message) = known.problem.clone().unwrap_or_default();
        let message = message.replace('\n', " ");
        text.push_str(&format!(
            "{:x} {} {} {} {line} {} {}\n{file}\n{message}\n",
            known.stamp,
            u8::from(known.matters),
            u8::from(known.says_export),
            u8::from(known.problem.is_some()),
            u8::from(known.text.is_some()),
            known.text.as_ref().map_or(0, String::len),
        ));
        text.push_str(known.text.as_deref().unwrap_or_default());
        text.push('\n');
    }
    text
}

/// Reads what [`to_keep`] wrote; `None` for any other text.
fn all_kept(text: &str) -> Option<HashMap<PathBuf, KnownFile>> {
    let mut rest = text;
    let line = |rest: &mut &str| {
        let (line, behind) = rest.split_once('\n')?;
        *rest = behind;
        Some(line.to_string())
    };
    if line(&mut rest)? != HEAD {
        return None;
    }
    let mut known = HashMap::new();
    while !rest.is_empty() {
        let numbers = line(&mut rest)?;
        let numbers: Vec<&str> = numbers.split(' ').collect();
        let [
            stamp,
            matters,
            says_export,
            is_problem,
            place,
            is_read,
            length,
        ] = numbers[..]
        else {
            return None;
        };
        let (file, message) = (line(&mut rest)?, line(&mut rest)?);
        let (text, behind) = rest.split_at_checked(length.parse().ok()?)?;
        rest = behind.strip_prefix('\n')?;
        let entry = KnownFile {
            stamp: u64::from_str_radix(stamp, 16).ok()?,
            matters: matters == "1",
            says_export: says_export == "1",
            problem: match is_problem {
                "1" => Some((place.parse().ok()?, message)),
                _ => None,
            },
            text: (is_read == "1").then(|| text.to_string()),
            is_fresh: false,
            is_given: false,
        };
        known.insert(PathBuf::from(file), entry);
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_other_files() {
        for text in [
            "mod a;",
            "pub mod\n r#b ;",
            "x include!(\"y\")",
            "mod c /* so */ ;",
            "mod /* d */ d;",
            "cfg_if! { }",
            "cfg_select! { }",
        ] {
            assert!(leads_on(text), "{text}");
        }
        for text in [
            "mod tests { }",
            "model;",
            "a_mod x;",
            "// amod\n",
            "",
            "mod",
        ] {
            assert!(!leads_on(text), "{text}");
        }
    }

    #[test]
    fn what_is_damaged_is_not_taken() {
        let entry = |text: Option<&str>, problem: Option<(usize, String)>| KnownFile {
            stamp: 0xabc,
            matters: true,
            says_export: text.is_some(),
            problem,
            text: text.map(str::to_string),
            is_fresh: false,
            is_given: false,
        };
        let known = HashMap::from([
            ("/a b.rs".into(), entry(Some("fn é\n() {}\n"), None)),
            ("/c.rs".into(), entry(None, Some((7, "so".to_string())))),
        ]);
        let folder = kept_file::temporary(&std::env::temp_dir(), "exports");
        fs::create_dir(&folder).expect("made");
        let known_now = || Files::of(Path::new("lib.rs"), Some(&folder)).known;
        let files = Files {
            known,
            is_new: true,
            ..Files::of(Path::new("lib.rs"), Some(&folder))
        };
        files.keep();
        assert_eq!(known_now(), files.known);
        let file = files.place.as_ref().expect("there is a folder");
        let whole = fs::read(file).expect("kept");
        for end in 0..whole.len() {
            fs::write(file, &whole[..end]).expect("written");
            assert!(known_now().is_empty(), "{end}");
        }
        let other = String::from_utf8_lossy(&whole).replace('7', "8");
        fs::write(file, other).expect("written");
        assert!(known_now().is_empty());
        fs::remove_dir_all(folder).expect("removed");
    }
}
