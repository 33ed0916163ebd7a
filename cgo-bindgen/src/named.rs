//! Checks the names that directives say: `bind:` and `safe:`.

use cgo_emit::answer::Answer;
use cgo_emit::ctype::Type;
use cgo_preamble::diagnostic::{Diagnostic, Outcome};
use cgo_preamble::directive::Directives;
use cgo_preamble::names::Names;
use cgo_preamble::preamble::Preamble;
use cgo_preamble::select::Selection;

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
    answer: &Answer,
) -> Outcome<()> {
    let is_function = |name: &str| {
        let index = selection.items.iter().position(|item| item.name == name);
        let ctype = index.and_then(|index| answer.of_item.get(&index));
        // What is not bound is not called either.
        ctype.is_none_or(|&id| {
            let types = &answer.types;
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
