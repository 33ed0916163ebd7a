//! Remembers what a preamble was expanded to, for as long as everything it was made from stays the same.
//!
//! Two entries and the library: `scan-KEY` says which files were read and which names of theirs Rust could use; its key is all that is
//! known before a compiler runs. `answer-KEY.rs` is the module; its key adds the files' state and the names used.

use std::collections::HashSet;
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
use crate::words::Words;

/// The first line of a `scan-` entry; a blank line ends the files after it.
const HEADING: &str =
    "length, time of change and path of each file; then the names that may be used";

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
        known.add(&format!("{:?}", session.crate_root));
        known
            .add(&preamble.text)
            .add(&preamble.file.to_string_lossy());
        known.add(&format!(
            "{:?} {} {} {:?}",
            preamble.start, preamble.visibility, preamble.module, preamble.imports
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

    /// The module as it was written before, if nothing has changed since.
    pub(crate) fn recall(&self, words: Option<&Words>) -> Option<Module> {
        let folder = self.folder.as_ref()?;
        let scan = folder.join(format!("scan-{}", self.known.hex()));
        let text = fs::read_to_string(&scan).ok()?;
        let (files, names) = text.split_once("\n\n")?;
        let mut key = self.known.clone();
        for line in files.strip_prefix(HEADING)?.lines().skip(1) {
            let (recorded, file) = line.split_once('\t')?;
            if cache::stamp(Path::new(file)).as_deref() != Some(recorded) {
                return None;
            }
            key.add(line);
        }
        add_used(&mut key, names, words);
        let key = key.hex();
        let answer = folder.join(format!("answer-{key}.rs"));
        let module = of_text(fs::read_to_string(&answer).ok()?)?;
        let archive = folder.join(archive_name(&key));
        if self.purpose == Purpose::Link && !archive.is_file() {
            return None;
        }
        [scan, answer, archive]
            .iter()
            .for_each(|file| cache::touch(file));
        Some(module)
    }

    /// The hash of all that the module depends on.
    pub(crate) fn key(&self, files: &[PathBuf], names: &Names, words: Option<&Words>) -> String {
        let mut key = self.known.clone();
        for line in file_lines(files) {
            key.add(&line);
        }
        add_used(&mut key, &select::candidates(names), words);
        key.hex()
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
        files: &[PathBuf],
        names: &Names,
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
        let mut scan = String::from(HEADING);
        scan.push('\n');
        for line in file_lines(files) {
            scan.push_str(&line);
            scan.push('\n');
        }
        scan.push('\n');
        scan += &select::candidates(names);
        let _ = cache::write(
            &folder.join(format!("answer-{key}.rs")),
            to_text(module).as_bytes(),
        );
        let _ = cache::write(
            &folder.join(format!("scan-{}", self.known.hex())),
            scan.as_bytes(),
        );
        cache::prune(folder);
        Ok(())
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

fn file_lines(files: &[PathBuf]) -> Vec<String> {
    let mut files: Vec<&PathBuf> = files.iter().collect();
    files.sort();
    files.dedup();
    files
        .into_iter()
        .filter_map(|file| Some(format!("{}\t{}", cache::stamp(file)?, file.to_str()?)))
        .collect()
}

/// Which of the names that could be used are; which others the module is asked for; and `sizeof_` before a name.
fn add_used(key: &mut Hash, names: &str, words: Option<&Words>) {
    let Some(words) = words else {
        key.add("everything");
        return;
    };
    let mut known = HashSet::new();
    // A header may have ten thousands of names, and most are in none of the sources. So a line's end is looked for by hand:
    // an iterator takes ten times as long where it is not optimized, as in a user's debug build.
    let (bytes, mut at) = (names.as_bytes(), 0);
    while at < bytes.len() {
        let own = bytes[at] == select::OWN;
        let start = at + usize::from(own);
        let mut hash = WordHash::EMPTY;
        at = start;
        while at < bytes.len() && bytes[at] != b'\n' {
            hash = hash.with(bytes[at]);
            at += 1;
        }
        if let Some(name) = words.found.get(&bytes[start..at], hash) {
            if !own {
                key.add(name);
            }
            if words.asked.contains(name) {
                known.insert(name);
            }
        }
        at += 1;
    }
    let unknown = words.asked.iter().filter(|word| !known.contains(word));
    let sizes = words.found.iter();
    let sizes = sizes.filter(|word| word.starts_with("sizeof_"));
    let types = words.paths.iter();
    let types = types.filter(|word| cgo_emit::is_cgo_type(word));
    let mut others: Vec<&str> = unknown.chain(sizes).chain(types).collect();
    others.sort_unstable();
    for word in others {
        key.add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
