//! Writes the documentation of the module: what it is, and which names of C are not in it.

use std::fmt::Write;

use cgo_csyntax::declarations::names::Macro;
use cgo_csyntax::selection::LeftOut;

use crate::docs::markdown;
use crate::input::Input;

/// The documentation as Markdown.
pub(crate) fn write(input: &Input<'_>, left_out: &[LeftOut]) -> String {
    let mut text =
        String::from("What the C preamble and its headers declare, as far as the crate uses it.");
    let listed = left_out.iter().filter(|one| is_listed(input, &one.name));
    for (number, LeftOut { name, reason, .. }) in listed.enumerate() {
        if number == 0 {
            text.push_str("\n\nNot bound:\n");
        }
        let helps = reason.helps.iter().map(|help| format!(": {help}"));
        let reason: String = [reason.text.clone()].into_iter().chain(helps).collect();
        let _ = write!(text, "\n- `{name}`: {}", markdown::inline(&reason));
    }
    text
}

/// Whether a reader may look for the name: it is neither a macro for the header's own use nor an include guard, unless the crate uses it.
fn is_listed(input: &Input<'_>, name: &str) -> bool {
    let Some(definition) = input.names.macros.get(name) else {
        return true;
    };
    let is_noise = || name.starts_with("__") || is_include_guard(input, name, definition);
    (input.is_used)(name) || !is_noise()
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
    let Some(directive) = last.and_then(|line| line.trim().strip_prefix('#')) else {
        return false;
    };
    let (word, condition) = directive.trim().split_once(' ').unwrap_or_default();
    let condition = condition.replace([' ', '(', ')'], "");
    match word {
        "ifndef" => condition == name,
        "if" => condition.strip_prefix("!defined") == Some(name),
        _ => false,
    }
}
