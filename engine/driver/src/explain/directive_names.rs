//! Checks the names that directives say: `bind:` and `safe:`.

use cgo_codegen::model::probe_results::ProbeResults;
use cgo_codegen::model::types::Type;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::selection::Selection;

/// `safe:` and `bind:` with a name that C does not know.
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
                format!("`safe: {name}`: neither the preamble nor its headers declare `{name}`"),
            )
        })
        .collect();
    let unknown = directives
        .bind
        .iter()
        .filter(|name| *name != "*" && !names.has(name));
    errors.extend(unknown.map(|name| {
        let text = format!("`bind: {name}`: neither the preamble nor its headers declare `{name}`");
        Diagnostic::new(Some(preamble.start), text)
    }));
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// `safe:` with a name that is something else than a function, as the compiler sees it.
pub(crate) fn safe_are_functions(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let is_function = |name: &str| {
        let index = selection.items.iter().position(|item| item.name == name);
        let ctype = index.and_then(|index| results.of_item.get(&index));
        // What is not bound is not called either.
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
            let text =
                format!("`safe: {name}`: only a function can be called, and `{name}` is none");
            Diagnostic::new(Some(*place), text)
        })
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}
