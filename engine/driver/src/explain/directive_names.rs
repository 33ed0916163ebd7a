//! Checks the names in the directives `bind:` and `safe:`.

use cgo_codegen::model::probe_results::ProbeResults;
use cgo_codegen::model::types::Type;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::selection::Selection;

/// Every name must be declared.
pub(crate) fn are_declared(
    directives: &Directives,
    names: &Names,
    preamble: &Preamble,
) -> Outcome<()> {
    let unknown = directives.safe.iter().filter(|(name, _)| !names.has(name));
    let mut errors: Vec<Diagnostic> = unknown
        .map(|(name, place)| {
            Diagnostic::new(
                Some(*place),
                format!("`safe: {name}`: `{name}` not found in the preamble and its headers"),
            )
        })
        .collect();
    let unknown = directives
        .bind
        .iter()
        .filter(|name| *name != "*" && !names.has(name));
    errors.extend(unknown.map(|name| {
        let text = format!("`bind: {name}`: `{name}` not found in the preamble and its headers");
        Diagnostic::new(Some(preamble.start), text)
    }));
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
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
