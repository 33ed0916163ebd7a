//! Remembers what a preamble was expanded to, for as long as everything it was made from stays the same.
//!
//! Two entries and the library: `scan-KEY` says which files were read and which names of theirs Rust could use; its key is all that is
//! known before a compiler runs. `answer-KEY.rs` is the module; its key adds the files' state and the names used.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use cgo_exports::rust_literal;
use cgo_preamble::diagnostic::{Diagnostic, Outcome, Place, cannot_write};
use cgo_preamble::names::Names;
use cgo_preamble::preamble::Preamble;
use cgo_preamble::select;
use cgo_preamble::word_set::WordHash;

use crate::cache::{self, Hash};
use crate::environment::{Purpose, Session, variable};
use crate::module::Module;
use crate::name_table;
use crate::words::Words;

/// The first line of a `scan-` entry, after which the files follow, and then a table of the names. The last four bytes say how
/// long the text is.
const HEADING: &str = "length, time of change and path of each file\n";

/// The entries of one preamble. Without a link directory nothing is kept.
pub(crate) struct Store {
    folder: Option<PathBuf>,
    known: Hash,
    purpose: Purpose,
}

impl Store {
    pub(crate) fn of(preamble: &Preamble, session: &Session, header: &str) -> Store {
        let mut known = Hash::new();
        known
            .add(env!("CARGO_PKG_VERSION"))
            .add(&session.crate_identity);
        known.add(&session.engine).add(header);
        known
            .add(&preamble.text)
            .add(&preamble.file.to_string_lossy());
        known.add(&format!(
            "{:?} {} {} {} {:?}",
            preamble.start,
            preamble.repetition,
            preamble.visibility,
            preamble.module,
            preamble.imports
        ));
        known.add(&format!("{:?}", session.target));
        known.add(&format!(
            "{} {} {} {:?}",
            session.opt_level, session.debug_info, session.linker_plugin_lto, session.sanitizers
        ));
        known.add(match session.lints_are_capped {
            true => "a dependency",
            false => "",
        });
        for name in session.tools_variables() {
            if let Some(value) = variable(name) {
                known.add(name).add(&value.to_string_lossy());
            }
        }
        Store {
            folder: session.link_directory.clone(),
            known,
            purpose: session.purpose,
        }
    }

    /// The module as it was written before, if nothing has changed since. One that links its library declares all the same.
    pub(crate) fn recall(&self, words: Option<&Words>) -> Option<Module> {
        match self.purpose {
            Purpose::Link => self.recall_for(Purpose::Link, words),
            Purpose::Declare => self
                .recall_for(Purpose::Link, words)
                .or_else(|| self.recall_for(Purpose::Declare, words)),
        }
    }

    fn recall_for(&self, purpose: Purpose, words: Option<&Words>) -> Option<Module> {
        let folder = self.folder.as_ref()?;
        let entry = folder.join(self.entry(purpose));
        let scan = Scan::read(&fs::read(&entry).ok()?)?;
        for line in scan.files.lines() {
            let (recorded, file) = line.split_once('\t')?;
            if cache::stamp(Path::new(file)).as_deref() != Some(recorded) {
                return None;
            }
        }
        let key = self.key_for(purpose, &scan, words);
        let answer = folder.join(format!("answer-{key}.rs"));
        let module = of_text(fs::read_to_string(&answer).ok()?)?;
        let archive = folder.join(archive_name(&key));
        if purpose == Purpose::Link && !archive.is_file() {
            return None;
        }
        [entry, answer, archive]
            .iter()
            .for_each(|file| cache::touch(file));
        Some(module)
    }

    /// The hash of all that the module depends on.
    pub(crate) fn key(&self, scan: &Scan, words: Option<&Words>) -> String {
        self.key_for(self.purpose, scan, words)
    }

    fn key_for(&self, purpose: Purpose, scan: &Scan, words: Option<&Words>) -> String {
        let mut key = self.known_for(purpose);
        key.add(&scan.files);
        add_used(&mut key, &scan.names, words);
        key.hex()
    }

    /// What is known before a compiler runs, for one purpose.
    fn known_for(&self, purpose: Purpose) -> Hash {
        let mut known = self.known.clone();
        known.add(&format!("{purpose:?}"));
        known
    }

    fn entry(&self, purpose: Purpose) -> String {
        format!("scan-{}", self.known_for(purpose).hex())
    }

    /// The library's name for `#[link]`.
    pub(crate) fn library_name(&self, key: &str) -> Option<String> {
        self.folder.as_ref().map(|_| format!("cgo_{key}"))
    }

    /// Puts the library where rustc finds it and keeps the module. That the module cannot be kept only costs the next
    /// build its time.
    pub(crate) fn keep(
        &self,
        key: &str,
        scan: &Scan,
        module: &Module,
        archive: Option<&Path>,
    ) -> Outcome<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        if let Some(archive) = archive {
            let place = folder.join(archive_name(key));
            fs::rename(archive, &place).or_else(|error| cannot_write(&place, &error))?;
        }
        let _ = cache::write(
            &folder.join(format!("answer-{key}.rs")),
            to_text(module).as_bytes(),
        );
        let entry = folder.join(self.entry(self.purpose));
        let _ = cache::write(&entry, &scan.written());
        cache::prune(folder);
        Ok(())
    }
}

/// What the compiler read: a line for each file with its state, and the table of the names that Rust could use.
pub(crate) struct Scan {
    files: String,
    names: Vec<u8>,
}

impl Scan {
    pub(crate) fn of(files: &[PathBuf], names: &Names) -> Scan {
        Scan {
            files: file_lines(files),
            names: name_table::write(&select::candidates(names)),
        }
    }

    fn written(&self) -> Vec<u8> {
        let text = format!("{HEADING}{}", self.files);
        let length = text.len() as u32;
        [text.as_bytes(), &self.names, &length.to_le_bytes()].concat()
    }

    pub(crate) fn read(entry: &[u8]) -> Option<Scan> {
        let (rest, length) = entry.split_last_chunk()?;
        let (text, names) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let files = std::str::from_utf8(text).ok()?.strip_prefix(HEADING)?;
        Some(Scan {
            files: files.to_string(),
            names: names.to_vec(),
        })
    }
}

/// What follows the code in the file, each on a line of its own that is a comment to Rust.
const WARNING: &str = "//warning ";
const DECLARED: &str = "//declared ";

fn to_text(module: &Module) -> String {
    let mut text = module.code.clone();
    for warning in &module.warnings {
        let place = warning.place.unwrap_or(Place { line: 0, column: 0 });
        let _ = writeln!(
            text,
            "{WARNING}{} {} {}",
            place.line,
            place.column,
            rust_literal::quote(&warning.message)
        );
    }
    for (name, place) in &module.declared {
        let _ = writeln!(text, "{DECLARED}{} {} {name}", place.line, place.column);
    }
    text
}

fn of_text(text: String) -> Option<Module> {
    let end = [WARNING, DECLARED]
        .iter()
        .filter_map(|word| text.find(&format!("\n{word}")))
        .min();
    let end = end.map_or(text.len(), |at| at + 1);
    let (mut warnings, mut declared) = (Vec::new(), Vec::new());
    for line in text[end..].lines() {
        if let Some(warning) = line.strip_prefix(WARNING) {
            let (place, message) = placed(warning)?;
            let place = (place.line > 0).then_some(place);
            warnings.push(Diagnostic::new(place, rust_literal::value(message)?));
        } else {
            let (place, name) = placed(line.strip_prefix(DECLARED)?)?;
            declared.push((name.to_string(), place));
        }
    }
    let code = text[..end].to_string();
    Some(Module {
        code,
        warnings,
        declared,
    })
}

/// A line's place, and what is said of it.
fn placed(line: &str) -> Option<(Place, &str)> {
    let mut parts = line.splitn(3, ' ');
    let line = parts.next()?.parse().ok()?;
    let column = parts.next()?.parse().ok()?;
    Some((Place { line, column }, parts.next()?))
}

fn archive_name(key: &str) -> String {
    format!("libcgo_{key}.a")
}

fn file_lines(files: &[PathBuf]) -> String {
    let mut files: Vec<&PathBuf> = files.iter().collect();
    files.sort();
    files.dedup();
    let lines = files
        .into_iter()
        .filter_map(|file| Some(format!("{}\t{}\n", cache::stamp(file)?, file.to_str()?)));
    lines.collect()
}

/// Which of the names that could be used are; which others the module is asked for; and `sizeof_` before a name.
fn add_used(key: &mut Hash, names: &[u8], words: Option<&Words>) {
    let Some(words) = words else {
        key.add("everything");
        return;
    };
    let of_system = |word: &str| name_table::contains(names, WordHash::of(word));
    let is_own = |word: &str| name_table::contains(names, WordHash::of(select::OWN).then(word));
    let mut used: Vec<&str> = words.found.iter().filter(|word| of_system(word)).collect();
    used.sort_unstable();
    let asked = words.asked.iter();
    let unknown = asked.filter(|word| !of_system(word) && !is_own(word));
    let sizes = words.found.iter();
    let sizes = sizes.filter(|word| word.starts_with("sizeof_"));
    let types = words.paths.iter();
    let types = types.filter(|word| cgo_emit::is_cgo_type(word));
    let mut others: Vec<&str> = unknown.chain(sizes).chain(types).collect();
    others.sort_unstable();
    for word in used.into_iter().chain(others) {
        key.add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_kept_with_its_files_and_names() {
        let scan = Scan {
            files: "3 1\t/a b.h\n4 2\t/c.h\n".to_string(),
            names: name_table::write(&["puts".to_string(), "puts".to_string()]),
        };
        let read = Scan::read(&scan.written()).unwrap();
        assert_eq!(read.files, scan.files);
        assert!(name_table::contains(&read.names, WordHash::of("puts")));
        for other in [&[][..], b"abc", b"no length here", HEADING.as_bytes()] {
            assert!(Scan::read(other).is_none());
        }
    }

    #[test]
    fn a_module_is_kept_with_what_is_said_of_it() {
        let place = Place { line: 3, column: 5 };
        let module = Module {
            code: "mod C {\n}\n".to_string(),
            warnings: vec![
                Diagnostic::new(Some(place), "unused 'a'\nnote: \"é\""),
                Diagnostic::new(None, "somewhere"),
            ],
            declared: vec![("struct_s".to_string(), place)],
        };
        let read = of_text(to_text(&module)).unwrap();
        assert_eq!(read.code, module.code);
        assert_eq!(read.warnings, module.warnings);
        assert_eq!(read.declared, module.declared);
    }
}
