//! Asks the compiler about the selected items, until it accepts all that is asked.

use std::collections::HashMap;
use std::fs;

use cgo_codegen::model::answer::Answer;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::selection::Selection;

use crate::explain::messages;
use crate::probe::read;
use crate::probe::write;
use crate::session::Session;
use crate::toolchain::compiler::{self, Toolchain};
use crate::toolchain::object_target;
use crate::unit::Unit;

/// What the probe came to.
pub(crate) struct Asked {
    /// Without what the compiler does not accept.
    pub(crate) selection: Selection,
    pub(crate) answer: Answer,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Asks the compiler about every selected item. What it does not accept although our reading of the text expected it
/// to is left out, and the rest asked again.
pub(crate) fn ask(
    toolchain: &Toolchain,
    unit: &Unit,
    names: &Names,
    mut selection: Selection,
    session: &Session,
) -> Outcome<Asked> {
    let object = toolchain.work.join("probe.o");
    let mut skipped = vec![false; selection.items.len()];
    // Why, where it is known.
    let mut reasons = HashMap::new();
    loop {
        // With something left open at its end, the preamble alone gets the clearer error.
        let probe = (!names.unfinished)
            .then(|| write::write(names, &selection.items, &skipped, &unit.rust.path));
        let finished = toolchain.compile_probe(unit, &names.macros, probe.as_ref(), &object)?;
        if finished.status.success() {
            let Some(probe) = probe else {
                return fail(
                    "the preamble ends inside a declaration: a `;` or a closing bracket is missing",
                );
            };
            let bytes = fs::read(&object)
                .or_else(|error| fail(format!("cannot read {}: {error}", object.display())))?;
            object_target::check(&bytes, toolchain, unit, session)?;
            let mut answer = read::read(&bytes, &probe, selection.items.len()).or_else(fail)?;
            // In a skipped item's row stood something else, to keep the others' numbers.
            answer.of_item.retain(|index, _| !skipped[*index]);
            let refused = skipped.iter().zip(&selection.items).enumerate();
            let refused = refused.filter(|(_, (skipped, _))| **skipped);
            selection.left_out.extend(refused.map(|(index, (_, item))| {
                let unknown = "the compiler accepts it neither as a value nor as a type";
                let reason = reasons.remove(&index).unwrap_or(unknown.to_string());
                (item.name.clone(), reason)
            }));
            // Of what is deprecated our questions are no use.
            let mut warnings = messages::warnings(&finished.stderr);
            warnings
                .retain(|warning| warning.file != write::FILE && warning.file != write::LITERALS);
            return Ok(Asked {
                selection,
                answer,
                warnings: compiler::shown(warnings, &unit.rust),
            });
        }
        let errors = messages::errors(&finished.stderr);
        let (ours, users): (Vec<_>, Vec<_>) = errors
            .into_iter()
            .partition(|error| error.file == write::FILE || error.file == write::LITERALS);
        let mut progress = false;
        for error in &ours {
            if let Some(skip) = skipped.get_mut(error.line.wrapping_sub(1)) {
                progress |= !*skip;
                *skip = true;
                if error.file == write::LITERALS {
                    reasons.insert(error.line - 1, no_static_literal(&error.text));
                } else if error.text.contains("bit-field") {
                    reasons.insert(error.line - 1, BIT_FIELD.to_string());
                }
            }
        }
        if !users.is_empty() || !progress {
            return match users.is_empty() {
                true => toolchain
                    .succeed(&finished, &unit.rust)
                    .and_then(|()| fail("the compiler failed")),
                false => Err(compiler::shown(users, &unit.rust)),
            };
        }
    }
}

/// Why a macro that stands for one is left out: only an operator's result has a type that C can name.
const BIT_FIELD: &str = "it is a bit-field, of whose type C knows no name: write `(+s.field)` for its value, or return it from a C function of the preamble";

/// Why a macro that holds the address of a compound literal is left out.
fn no_static_literal(said: &str) -> String {
    format!(
        "it holds the address of a compound literal, which ends with the function that it stands in unless C accepts it at file scope: {said}"
    )
}
