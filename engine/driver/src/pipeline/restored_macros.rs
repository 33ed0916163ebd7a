//! Learns what `#pragma pop_macro` restores: the preprocessors do not show it among the definitions.

use std::cell::OnceCell;
use std::fs;

use cgo_csyntax::declarations::declared;
use cgo_csyntax::declarations::names::{Macro, Names};
use cgo_csyntax::diagnostic::Outcome;
use cgo_csyntax::lexer::SourceLine;
use cgo_toolchain::compiler::Toolchain;
use cgo_toolchain::unit::{TranslationUnit, read_files};

/// Gives the macros that the preamble or a header of the user's restores the definitions that they end with, which are read from `all`.
pub(crate) fn look_up<'t>(
    names: &mut Names<'t>,
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    all: &'t OnceCell<String>,
) -> Outcome<()> {
    let mut restored = restored_by(&unit.text);
    for header in read_files::own(names, unit) {
        let text = fs::read(header).unwrap_or_default();
        restored.extend(restored_by(&String::from_utf8_lossy(&text)));
    }
    if restored.is_empty() {
        return Ok(());
    }
    let defined = toolchain.macros_at_the_end(unit)?;
    let defined = declared(all.get_or_init(|| defined));
    for name in &restored {
        let before = names.macros.remove(name.as_str());
        if let Some((name, ends_with)) = defined.macros.get_key_value(name.as_str()) {
            let file = names
                .files
                .iter()
                .position(|file| file.path == unit.rust.path);
            let of_preamble = SourceLine {
                file: file.unwrap_or(0) as u32,
                line: unit.rust.first_line as u32,
            };
            let restored = Macro {
                system: before.as_ref().is_some_and(|before| before.system),
                place: before.map_or(of_preamble, |before| before.place),
                ..ends_with.clone()
            };
            names.macros.insert(name, restored);
        }
    }
    Ok(())
}

/// The names in the `pop_macro("NAME")`s of a text.
fn restored_by(text: &str) -> Vec<String> {
    let after = text.split("pop_macro").skip(1);
    let named = after.filter_map(|rest| rest.split(['"', '\\']).find(|part| is_name(part)));
    named.map(str::to_string).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_both_spellings() {
        let text = "#pragma push_macro(\"A\")\n# pragma pop_macro ( \"B\" )\n_Pragma(\"pop_macro(\\\"C\\\")\") int x;\n";
        assert_eq!(restored_by(text), ["B", "C"]);
    }
}
