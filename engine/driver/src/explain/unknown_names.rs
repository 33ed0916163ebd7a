//! Finds what to say of the names that Rust asks the module for and C does not declare.

use std::fs;
use std::path::Path;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::selection::rust_name;

use crate::rust_scan::words::RustWords;
use crate::unit::{TranslationUnit, read_files};

/// What is known of such names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Each with the reason.
    pub(crate) left_out: Vec<(String, String)>,
    /// The declared names that are most like the others. They are bound too: of what is in the module rustc itself says
    /// that a similar name exists.
    pub(crate) similar: Vec<String>,
}

/// `text` is the preamble as written.
pub(crate) fn look_up(
    names: &Names,
    words: &RustWords,
    text: &str,
    unit: &TranslationUnit,
) -> Unknown {
    let mut unknown = Unknown::default();
    let asked = words.of_module.iter().filter(|name| !names.has(name));
    let asked: Vec<&str> = asked.filter(|name| !is_ours(name)).collect();
    if asked.is_empty() {
        return unknown;
    }
    let mut written = RustWords::default();
    written.scan(text.as_bytes(), "");
    for name in asked {
        let place = match written.all.contains(name) {
            true => Some("the preamble".to_string()),
            false => header_with(name, names, unit),
        };
        match place {
            Some(place) => unknown.left_out.push((
                name.to_string(),
                format!("it stands in {place}, but only where conditional compilation leaves it out, or in a comment or a body"),
            )),
            None => unknown.similar.extend(most_like(name, names)),
        }
    }
    unknown
}

/// What the module has without C.
fn is_ours(name: &str) -> bool {
    cgo_codegen::is_cgo_type(name)
        || name.starts_with("sizeof_")
        || crate::module::HELPERS.contains(name)
}

/// The header of the user's own that has this word.
fn header_with(name: &str, names: &Names, unit: &TranslationUnit) -> Option<String> {
    let own = |path: &Path| {
        let file = names
            .files
            .iter()
            .find(|file| unit.folder.join(&file.path) == path);
        file.is_some_and(|file| !file.system)
    };
    let headers = read_files::of_preprocessor(names, unit)
        .into_iter()
        .filter(|path| own(path));
    headers
        .filter(|path| !path.ends_with(crate::exports::FILE_NAME))
        .find_map(|path| {
            let mut words = RustWords::default();
            words.scan(&fs::read(&path).ok()?, "");
            words.all.contains(name).then(|| path.display().to_string())
        })
}

/// The name that takes the fewest changes, if it takes no more than one in three letters, as rustc has it.
pub(crate) fn most_like(wanted: &str, names: &Names) -> Option<String> {
    // Nobody misspells more than that, and the time is the length squared.
    if wanted.len() > 200 {
        return None;
    }
    let most = wanted.chars().count().max(3) / 3;
    let declared = names.list.iter().map(|name| (rust_name(name), name.name));
    let macros = names.macros.keys().map(|name| (name.to_string(), *name));
    let all = declared.chain(macros).filter_map(|(rust, name)| {
        let length = rust.chars().count().abs_diff(wanted.chars().count());
        let changes = (length <= most).then(|| changes(wanted, &rust))?;
        (changes <= most).then_some((changes, name))
    });
    all.min().map(|(_, name)| name.to_string())
}

/// How many letters must be put in, taken out, replaced or swapped with the next (the restricted Damerau-Levenshtein
/// distance).
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut two_before: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = (0..=to.len()).collect();
    let mut last = None;
    for (row, letter) in from.chars().enumerate() {
        let mut here = vec![row + 1];
        for (column, &other) in to.iter().enumerate() {
            let replaced = before[column] + usize::from(letter != other);
            let mut least = replaced.min(before[column + 1] + 1).min(here[column] + 1);
            if column > 0 && last == Some(other) && to[column - 1] == letter {
                least = least.min(two_before[column - 1] + 1);
            }
            here.push(least);
        }
        (two_before, before, last) = (before, here, Some(letter));
    }
    before[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use cgo_csyntax::declarations::declared;

    #[test]
    fn letters_that_differ() {
        for (from, to, count) in [
            ("puts", "puts", 0),
            ("put", "puts", 1),
            ("ptus", "puts", 1),
            ("stelrn", "strlen", 2),
            ("", "abc", 3),
            ("é", "e", 1),
        ] {
            assert_eq!(changes(from, to), count, "{from} {to}");
        }
    }

    #[test]
    fn the_nearest_name_is_found_in_all_headers() {
        let names = declared(
            "# 1 \"a.h\" 1 3\nint puts(void); int putc(int); struct stat { int a; };\n#define EOF (-1)\n",
        );
        let like = |name| most_like(name, &names);
        assert_eq!(like("ptus").as_deref(), Some("puts"));
        assert_eq!(like("struct_stta").as_deref(), Some("stat"));
        assert_eq!(like("EOFF").as_deref(), Some("EOF"));
        assert_eq!(like("entirely_other"), None);
    }
}
