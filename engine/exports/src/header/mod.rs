//! Writes the parts of `_cgo_export.h`, which is C99 and C++.

mod c_types;
mod comment;
mod declarator;
mod definitions;
mod interior_mutability;
mod lengths;
mod order;
mod pointers;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt::Write;
use std::mem::take;
use std::path::Path;

use cgo_csyntax::exports::Exports;

use crate::crate_scan::scanned_crate::ScannedCrate;
use crate::item::export::Item;
use crate::item::keywords::is_cpp_keyword;
use c_types::keyword;
use comment::comment_line;
use declarator::DeclarationWriter;
use definitions::for_c_alone;

/// The header of a crate whose root lies in this folder.
pub(crate) fn write(krate: &mut ScannedCrate<'_>, folder: &Path) -> Exports {
    let exports = take(&mut krate.exports);
    let mut writer = DeclarationWriter::new(krate, &exports);
    let mut items = Vec::new();
    // `#[export_c]` rejects the second of two with one name.
    let mut names = HashSet::new();
    let mut is_first = |number: usize| names.insert(exports[number].export.symbol.as_str());
    for number in writer.types_in_order() {
        let declared = writer.definition(number);
        if is_first(number) {
            items.push(declared);
        }
    }
    for (number, found) in exports.iter().enumerate() {
        if !found.export.is_type() && is_first(number) {
            items.push(writer.function_or_variable(number));
        }
    }
    let opaque: Vec<String> = take(&mut writer.opaque)
        .into_iter()
        .map(|opaque| opaque.name)
        .collect();
    let mut types = String::new();
    // Else such a type would be one of a prototype alone.
    for spelled in &writer.of_c {
        let tag = spelled.rsplit(' ').next().unwrap_or_default();
        let text = format!("{spelled};\n");
        types += &match is_cpp_keyword(tag) {
            true => for_c_alone(&text),
            false => text,
        };
    }
    for name in &opaque {
        let _ = writeln!(types, "struct {name};");
    }
    // Before the definitions, since one may point to another.
    for found in &exports {
        if let Item::Record(record) = &found.export.item {
            let (keyword, name) = (keyword(record), &found.export.symbol);
            let text = format!("typedef {keyword} {name} {name};\n");
            types += &match is_cpp_keyword(name) {
                true => for_c_alone(&text),
                false => text,
            };
        }
    }
    let notes = notes(krate, folder);
    Exports {
        types,
        opaque,
        items,
        notes,
        unread: take(&mut krate.unread),
        unreadable: take(&mut krate.unreadable),
    }
}

/// Comments about exports that the header does not have.
fn notes(krate: &ScannedCrate<'_>, folder: &Path) -> String {
    let place = |file: &Path, line: usize| {
        let file = file.strip_prefix(folder).unwrap_or(file);
        comment_line(&format!("{}:{line}", file.display()))
    };
    let mut text = String::new();
    for unread in &krate.unread {
        let _ = writeln!(
            text,
            "/* Exports of the macro at {} are not declared here: a preamble that uses one must declare it. */",
            place(&unread.file, unread.line)
        );
    }
    for unreadable in &krate.unreadable {
        let _ = writeln!(
            text,
            "/* Exports from {} on are not declared here: the file cannot be parsed: {} */",
            place(&unreadable.file, unreadable.line),
            comment_line(&unreadable.why)
        );
    }
    text
}
