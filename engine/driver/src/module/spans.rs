//! Finds the places in the Rust file at which C declares the items of a module, so that the macro can give them these spans.

use std::collections::HashMap;

use cgo_codegen::identifier;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Place;
use cgo_csyntax::lexer::SourceLine;
use cgo_csyntax::selection::rust_name;

use crate::explain::rust_file::RustFile;

/// The name of an item in Rust, and the place of the C identifier.
pub(crate) type Declared = (String, Place);

/// The items that the preamble itself declares, and those of `others` that it mentions.
pub(crate) fn declared<'n>(
    names: &Names,
    rust: &RustFile,
    others: impl Iterator<Item = &'n str>,
) -> Vec<Declared> {
    let words = WordPlaces::of(rust);
    let place = |name: &str, at: SourceLine| {
        let file = names.files.get(at.file as usize)?;
        let line = at.line as usize;
        let here = || words.on_line.get(&(line, name)).copied();
        (file.path == rust.path).then(here)?
    };
    let items = names.list.iter();
    let items = items
        .filter_map(|item| Some((identifier(&rust_name(item)), place(item.name, item.place)?)));
    let macros = names.macros.iter();
    let macros = macros
        .filter_map(|(name, definition)| Some((identifier(name), place(name, definition.place)?)));
    let others = others.filter(|name| !names.has(name)).filter_map(|name| {
        let first = words.first.get(name)?;
        Some((identifier(name), *first))
    });
    let mut declared: Vec<Declared> = items.chain(macros).chain(others).collect();
    declared.sort_by_key(|(_, place)| (place.line, place.column));
    declared
}

/// The places of the preamble's words. They are found once: a line may declare thousands of names.
struct WordPlaces<'a> {
    /// The first place of a word on each line.
    on_line: HashMap<(usize, &'a str), Place>,
    /// The first place of a word.
    first: HashMap<&'a str, Place>,
}

impl<'a> WordPlaces<'a> {
    fn of(rust: &'a RustFile) -> WordPlaces<'a> {
        let mut words = WordPlaces {
            on_line: HashMap::new(),
            first: HashMap::new(),
        };
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        for (text, line) in rust.text.lines().zip(rust.first_line..) {
            let mut column = 1;
            for word in text.split_inclusive(|c: char| !is_part(c)) {
                let place = Place { line, column };
                column += word.chars().count();
                let word = word.trim_end_matches(|c: char| !is_part(c));
                words.on_line.entry((line, word)).or_insert(place);
                words.first.entry(word).or_insert(place);
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cgo_csyntax::declarations;

    #[test]
    fn items_stand_where_the_preamble_declares_them() {
        let rust = RustFile {
            path: "main.rs".to_string(),
            shown: "main.rs".to_string(),
            first_line: 7,
            text: "  static int add(int a);\n#define LIMIT 3\nstruct é { int add; } é;\n"
                .to_string(),
        };
        let text = "# 1 \"other.h\"\nint elsewhere;\n# 7 \"main.rs\"\n  static int add(int a);\n#define LIMIT 3\nstruct é { int add; } é;\n";
        let declared = declared(
            &declarations::declared(text),
            &rust,
            ["int", "nowhere"].into_iter(),
        );
        let places: Vec<(&str, usize, usize)> = declared
            .iter()
            .map(|(name, place)| (name.as_str(), place.line, place.column))
            .collect();
        assert_eq!(
            places,
            [
                ("int", 7, 10),
                ("add", 7, 14),
                ("LIMIT", 8, 9),
                ("struct_é", 9, 8),
                ("é", 9, 8)
            ]
        );
    }

    #[test]
    fn a_name_within_another_is_not_it() {
        let rust = RustFile {
            path: String::new(),
            shown: String::new(),
            first_line: 1,
            text: "int xadd, add2, add;".to_string(),
        };
        let words = WordPlaces::of(&rust);
        let place = Place {
            line: 1,
            column: 17,
        };
        assert_eq!(words.first.get("add"), Some(&place));
        assert_eq!(words.first.get("ad"), None);
    }
}
