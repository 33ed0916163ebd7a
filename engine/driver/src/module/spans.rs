//! Finds the places in the Rust file at which C declares the items of a module, so that the macro can give them these spans.

use std::collections::HashMap;

use cgo_codegen::identifier;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Place;
use cgo_csyntax::lexer::SourceLine;
use cgo_csyntax::selection::rust_name;
use cgo_toolchain::rust_file::RustFile;

/// An item, and where C declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredItem {
    /// In Rust.
    pub name: String,
    /// That of the C identifier.
    pub place: Place,
}

impl DeclaredItem {
    fn new(name: &str, place: Place) -> DeclaredItem {
        DeclaredItem {
            name: identifier(name),
            place,
        }
    }
}

/// The items that the preamble itself declares, and those of `others` that it mentions.
pub(crate) fn declared<'n>(
    names: &Names,
    rust: &RustFile,
    others: impl Iterator<Item = &'n str>,
) -> Vec<DeclaredItem> {
    let words = WordPlaces::of(rust);
    let place = |name: &str, at: SourceLine| {
        let file = names.files.get(at.file as usize)?;
        let line = at.line as usize;
        let here = || words.on_line.get(&(line, name)).copied();
        (file.path == rust.path).then(here)?
    };
    let mut declared = Vec::new();
    let mut add = |name: &str, place: Option<Place>| {
        declared.extend(place.map(|place| DeclaredItem::new(name, place)));
    };
    for item in &names.list {
        add(&rust_name(item), place(item.name, item.place));
    }
    for (name, definition) in &names.macros {
        add(name, place(name, definition.place));
    }
    for name in others.filter(|name| !names.has(name)) {
        add(name, words.first.get(name).copied());
    }
    declared.sort_by_key(|item| (item.place.line, item.place.column));
    declared
}

/// Those that headers declare, with the lines of the preamble that took the headers in. An editor goes there; to rustc it would be no
/// definition.
pub(crate) fn included(names: &Names, preprocessed: &str, rust: &RustFile) -> Vec<DeclaredItem> {
    let lines = including_lines(preprocessed, &rust.path);
    let place = |at: SourceLine| {
        let file = names.files.get(at.file as usize)?;
        let line = *lines.get(file.path.as_str())?;
        let text = rust.text.lines().nth(line.checked_sub(rust.first_line)?)?;
        let column = text.chars().take_while(|c| c.is_whitespace()).count() + 1;
        Some(Place { line, column })
    };
    let mut declared = Vec::new();
    for item in &names.list {
        let place = place(item.place);
        declared.extend(place.map(|place| DeclaredItem::new(&rust_name(item), place)));
    }
    for (name, definition) in &names.macros {
        let place = place(definition.place);
        declared.extend(place.map(|place| DeclaredItem::new(name, place)));
    }
    declared
}

/// For each file that was taken in, the line of `path` by which it first was.
fn including_lines<'t>(preprocessed: &'t str, path: &str) -> HashMap<&'t str, usize> {
    let mut lines = HashMap::new();
    let mut here = false;
    let mut line = 0;
    for text in preprocessed.lines() {
        let marker = text.strip_prefix("# ").and_then(|marker| {
            let (number, file) = marker.split_once(" \"")?;
            Some((number.parse().ok()?, file.rsplit_once('"')?.0))
        });
        match marker {
            Some((number, file)) if file == path => (here, line) = (true, number),
            Some((_, file)) => {
                // The compiler's own lines stand before the first of `path`.
                if line > 0 {
                    lines.entry(file).or_insert(line);
                }
                here = false;
            }
            None => line += usize::from(here),
        }
    }
    lines
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

    fn places(items: &[DeclaredItem]) -> Vec<(&str, usize, usize)> {
        let places = items.iter();
        let places = places.map(|item| (item.name.as_str(), item.place.line, item.place.column));
        places.collect()
    }

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
        assert_eq!(
            places(&declared),
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
    fn a_header_stands_where_it_is_taken_in() {
        let rust = RustFile {
            path: "main.rs".to_string(),
            shown: "main.rs".to_string(),
            first_line: 3,
            text: "\n  #include \"a.h\"\nint x;\n#include \"c.h\"\n".to_string(),
        };
        let text = "# 1 \"<built-in>\"\n#define __GNUC__ 12\n# 3 \"main.rs\"\n\n# 1 \"a.h\" 1\n# 1 \"b.h\" 1\nint b;\n# 2 \"a.h\" 2\nint a;\n\
                    # 5 \"main.rs\" 2\nint x;\n# 1 \"c.h\" 1\n#define C 1\n# 1 \"a.h\" 1\nint again;\n# 7 \"main.rs\" 2\n";
        let mut found = included(&declarations::declared(text), text, &rust);
        found.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(
            places(&found),
            [("C", 6, 1), ("a", 4, 3), ("again", 4, 3), ("b", 4, 3)]
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
