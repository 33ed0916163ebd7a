//! Finds where in the Rust file the names of a module are declared, so that the macro can give an item the span of the C
//! identifier.

use crate::diagnostic::Place;
use crate::emit::identifier;
use crate::lexer::SourceLine;
use crate::names::Names;
use crate::rust_file::RustFile;
use crate::select::rust_name;

/// The name of an item in the module, and the place of the identifier that declares it.
pub(crate) type Declared = (String, Place);

/// Those that the preamble itself declares, and those of `others` that it mentions.
pub(crate) fn declared<'n>(
    names: &Names,
    rust: &RustFile,
    others: impl Iterator<Item = &'n str>,
) -> Vec<Declared> {
    let lines: Vec<&str> = rust.text.lines().collect();
    let place = |name: &str, at: SourceLine| {
        let file = names.files.get(at.file as usize)?;
        let line = at.line as usize;
        let text = lines.get(line.checked_sub(rust.first_line)?)?;
        if file.path != rust.path {
            return None;
        }
        let column = column_of(text, name)?;
        Some(Place { line, column })
    };
    let items = names.list.iter();
    let items = items
        .filter_map(|item| Some((identifier(&rust_name(item)), place(&item.name, item.place)?)));
    let macros = names.macros.iter();
    let macros = macros
        .filter_map(|(name, definition)| Some((identifier(name), place(name, definition.place)?)));
    let others = others.filter(|name| !names.has(name)).filter_map(|name| {
        let mentions = lines.iter().zip(rust.first_line..);
        let mut places = mentions.filter_map(|(text, line)| Some((line, column_of(text, name)?)));
        let (line, column) = places.next()?;
        Some((identifier(name), Place { line, column }))
    });
    let mut declared: Vec<Declared> = items.chain(macros).chain(others).collect();
    declared.sort_by_key(|(_, place)| (place.line, place.column));
    declared
}

/// The column, from 1 and in characters, where `name` stands as a word.
fn column_of(line: &str, name: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let found = line.match_indices(name).find(|(at, _)| {
        let before = line[..*at].chars().next_back();
        let after = line[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    });
    found.map(|(at, _)| line[..at].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names;

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
            &names::declared(text),
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
        assert_eq!(column_of("int xadd, add2, add;", "add"), Some(17));
        assert_eq!(column_of("int xadd;", "add"), None);
    }
}
