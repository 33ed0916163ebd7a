//! Checks the names in the directives `bind:` and `safe:`.

use cgo_codegen::model::probe_results::ProbeResults;
use cgo_codegen::model::types::Type;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::selection::Selection;

use crate::explain::unknown_names::most_similar;

/// Every name must be declared.
pub(crate) fn are_declared(directives: &Directives, names: &Names) -> Outcome<()> {
    let safe = directives
        .safe
        .iter()
        .map(|(name, place)| ("safe", name, place));
    let bind = directives
        .bind
        .iter()
        .map(|(name, place)| ("bind", name, place));
    let bind = bind.filter(|(_, name, _)| *name != "*");
    let unknown = safe.chain(bind).filter(|(_, name, _)| !names.has(name));
    let errors: Vec<Diagnostic> = unknown
        .map(|(verb, name, place)| {
            let mut text =
                format!("`{verb}: {name}`: `{name}` not found in the preamble and its headers");
            if let Some(similar) = most_similar(name, names) {
                text.push_str(&format!("\nhelp: a similar name exists: `{similar}`"));
            }
            Diagnostic::new(Some(*place), text)
        })
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}

/// Every name of `safe:` must be a function.
pub(crate) fn safe_are_functions(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let is_function = |name: &str| {
        let index = selection.items.iter().position(|item| item.name == name);
        let ctype = index.and_then(|index| results.of_item.get(&index));
        // A name that is not bound cannot be called.
        ctype.is_none_or(|&id| {
            let types = &results.types;
            matches!(types.get(types.resolve(id)), Type::Function(_))
        })
    };
    let others = directives
        .safe
        .iter()
        .filter(|(name, _)| !is_function(name));
    let errors: Vec<Diagnostic> = others
        .map(|(name, place)| {
            let text = format!("`safe: {name}`: `{name}` is not a function");
            Diagnostic::new(Some(*place), text)
        })
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}
