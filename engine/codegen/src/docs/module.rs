//! Writes the documentation of the module: what it is, and which names of C are not in it.

use std::fmt::Write;

use cgo_csyntax::declarations::names::Macro;

use crate::docs::markdown;
use crate::input::Input;

/// The documentation as Markdown.
pub(crate) fn write(input: &Input<'_>, left_out: &[(String, String)]) -> String {
    let mut text =
        String::from("What the C preamble and its headers declare, as far as the crate uses it.");
    let listed = left_out.iter().filter(|(name, _)| is_listed(input, name));
    for (number, (name, reason)) in listed.enumerate() {
        if number == 0 {
            text.push_str("\n\nNot bound:\n");
        }
        let reason = reason.replace("\nhelp: ", ": ");
        let _ = write!(text, "\n- `{name}`: {}", markdown::inline(&reason));
    }
    text
}

/// Whether a reader looks for the name: neither the implementation's own nor an include guard, unless the crate uses it.
fn is_listed(input: &Input<'_>, name: &str) -> bool {
    if (input.is_used)(name) {
        return true;
    }
    let is_guard = || {
        let definition = input.names.macros.get(name);
        definition.is_some_and(|definition| is_include_guard(input, name, definition))
    };
    !name.starts_with("__") && !is_guard()
}

/// Whether the macro is defined as nothing behind a line that asks whether it is defined.
fn is_include_guard(input: &Input<'_>, name: &str, definition: &Macro<'_>) -> bool {
    if definition.function_like || !definition.body.trim().is_empty() {
        return false;
    }
    let file = input.names.files.get(definition.place.file as usize);
    let lines = (input.lines_of)(file.map_or("", |file| &file.path));
    let before = lines.get(..(definition.place.line as usize).saturating_sub(1));
    let mut before = before.unwrap_or_default().iter().rev();
    let last = before.find(|line| !line.trim().is_empty());
    let mut words = last.map_or("", |line| line.trim()).split_whitespace();
    match words.next() {
        Some("#ifndef") => words.next() == Some(name),
        Some("#if") => {
            words
                .collect::<String>()
                .trim_start_matches('!')
                .replace(['(', ')'], "")
                == format!("defined{name}")
        }
        _ => false,
    }
}
