//! Explains the names that Rust uses from the module and C does not declare.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Placed;
use cgo_csyntax::edit_distance::edit_distance;
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::{LeftOut, rust_name};
use cgo_toolchain::unit::{TranslationUnit, read_files};

use crate::explain::standard_headers;
use crate::rust_scan::rust_words::RustWords;

/// What is known of such names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct UnknownNames {
    /// Each with the reason why it is not bound.
    pub(crate) left_out: Vec<LeftOut>,
    /// For each other name the declared one that is most similar. It is bound, so that rustc itself can suggest it.
    pub(crate) similar: Vec<String>,
}

/// Explains the names that `words` have and C does not. `text` is the C of the preamble, and `strips` are the starts of names that Rust
/// leaves away.
pub(crate) fn unknown_names(
    names: &Names,
    words: &RustWords,
    text: &str,
    strips: &[Placed<String>],
    unit: &TranslationUnit,
) -> UnknownNames {
    let mut explained = UnknownNames::default();
    let unknown = words.of_module.iter().filter(|name| !names.has(name));
    // A name without its start, and what it stands for.
    let is_short = |name: &str| {
        let mut starts = strips.iter().map(|start| start.value.as_str());
        starts.any(|start| {
            let rest = name.strip_prefix(start);
            names.has(&format!("{start}{name}"))
                || rest.is_some_and(|rest| words.of_module.contains(rest))
        })
    };
    let unknown = unknown.filter(|name| !is_from_cgo(name) && !is_short(name));
    let unknown: Vec<&str> = unknown.collect();
    if unknown.is_empty() {
        return explained;
    }
    let mut written = RustWords::default();
    written.scan(text.as_bytes(), "");
    let similar = SimilarNames::of(names);
    for name in unknown {
        let place = match written.all.contains(name) {
            true => Some("the preamble".to_string()),
            false => header_with(name, names, unit),
        };
        match place {
            Some(place) => explained.left_out.push(LeftOut::new(
                name,
                Message::new(format!(
                    "{place} mentions it only in a comment, in a body, or where conditional compilation leaves it out"
                ))
                .help("declare it elsewhere, or define what the condition needs"),
            )),
            None => match missing_header(name, names) {
                // C writes the names of constants in capitals, and few others.
                Some(reason) => explained.left_out.push(LeftOut {
                    is_value: !name.contains(|letter: char| letter.is_ascii_lowercase()),
                    ..LeftOut::new(name, reason)
                }),
                None => explained.similar.extend(similar.most_similar(name)),
            },
        }
    }
    explained
}

/// What to include for a name of C's own libraries.
fn missing_header(name: &str, names: &Names) -> Option<Message> {
    let header = standard_headers::header_of(name)?;
    let end = format!("/{header}");
    let is_included = names.files.iter().any(|file| file.path.ends_with(&end));
    Some(match is_included {
        false => Message::new(format!("it is declared in <{header}>"))
            .help(format!("write `#include <{header}>`")),
        true => Message::new(format!(
            "<{header}> does not declare it in this dialect of C"
        ))
        .help("it may with `#cgo CFLAGS: -D_GNU_SOURCE`"),
    })
}

/// Whether every module has the name, whatever its C.
fn is_from_cgo(name: &str) -> bool {
    cgo_codegen::is_cgo_type(name)
        || name.starts_with("sizeof_")
        || crate::module::HELPERS.contains(&name)
}

/// The name of a header of the user, not of the system, that has this word. Its folder does not belong in the module's documentation.
fn header_with(name: &str, names: &Names, unit: &TranslationUnit) -> Option<String> {
    let own = |path: &Path| {
        let file = names
            .files
            .iter()
            .find(|file| unit.folder.join(&file.path) == path);
        file.is_some_and(|file| !file.system)
    };
    let headers = read_files::included(names, unit)
        .into_iter()
        .filter(|path| own(path));
    headers
        .filter(|path| !path.ends_with(crate::exports::FILE_NAME))
        .find_map(|path| {
            let mut words = RustWords::default();
            words.scan(&fs::read(&path).ok()?, "");
            let file = path.file_name()?.to_string_lossy();
            words.all.contains(name).then(|| format!("`{file}`"))
        })
}

/// The declared names by their length, to find the most similar one. The sources of a crate with several modules have the names of all,
/// and a large header declares tens of thousands.
struct SimilarNames<'n> {
    by_length: BTreeMap<usize, Vec<Spelling<'n>>>,
}

/// A way in which Rust may write a declared name.
struct Spelling<'n> {
    text: String,
    letters: u64,
    name: &'n str,
}

impl<'n> SimilarNames<'n> {
    fn of(names: &'n Names<'_>) -> SimilarNames<'n> {
        let declared = names.list.iter().flat_map(|name| {
            let spelled = [rust_name(name), name.name.to_string()];
            spelled.map(|spelled| (spelled, name.name))
        });
        let macros = names.macros.keys().map(|name| (name.to_string(), *name));
        let mut by_length: BTreeMap<usize, Vec<Spelling<'n>>> = BTreeMap::new();
        for (text, name) in declared.chain(macros) {
            let length = text.chars().count();
            by_length.entry(length).or_default().push(Spelling {
                letters: letters(&text),
                text,
                name,
            });
        }
        SimilarNames { by_length }
    }

    /// The most similar name, if no more than every third letter differs, which is rustc's limit too.
    fn most_similar(&self, wanted: &str) -> Option<String> {
        // Nobody misspells a longer name, and the time grows with the square of the length.
        if wanted.len() > 200 {
            return None;
        }
        let length = wanted.chars().count();
        let most = length.max(3) / 3;
        let wanted_letters = letters(wanted);
        // To replace a letter takes one away and adds one.
        let may_be_similar =
            |letters: u64| (letters ^ wanted_letters).count_ones() as usize <= 2 * most;
        let near = self
            .by_length
            .range(length.saturating_sub(most)..=length + most);
        let near = near.flat_map(|(_, spellings)| spellings);
        let similar = near.filter(|spelling| may_be_similar(spelling.letters));
        let measured = similar.filter_map(|spelling| {
            let distance = edit_distance(wanted, &spelling.text);
            (distance <= most).then_some((distance, spelling.name))
        });
        measured.min().map(|(_, name)| name.to_string())
    }
}

/// The set of a word's letters, some of which share a bit.
fn letters(word: &str) -> u64 {
    word.chars()
        .fold(0, |set, letter| set | 1 << (u32::from(letter) % 64))
}

/// The most similar name to one that is not declared.
pub(crate) fn most_similar(wanted: &str, names: &Names) -> Option<String> {
    SimilarNames::of(names).most_similar(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cgo_csyntax::declarations::declared;

    #[test]
    fn the_nearest_name_is_found_in_all_headers() {
        let names = declared(
            "# 1 \"a.h\" 1 3\nint puts(void); int putc(int); struct stat { int a; };\n#define EOF (-1)\n",
        );
        let like = |name| most_similar(name, &names);
        assert_eq!(like("ptus").as_deref(), Some("puts"));
        assert_eq!(like("struct_stta").as_deref(), Some("stat"));
        assert_eq!(like("stta").as_deref(), Some("stat"));
        assert_eq!(like("EOFF").as_deref(), Some("EOF"));
        assert_eq!(like("entirely_other"), None);
    }
}
