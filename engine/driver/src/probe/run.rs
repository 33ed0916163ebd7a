//! Compiles the probe again and again, without the items that the compiler rejects, until it compiles.

use std::collections::HashMap;
use std::fs;
use std::process::ExitStatus;

use cgo_codegen::model::probe_results::ProbeResults;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::message::{Message, Reason};
use cgo_csyntax::selection::{LeftOut, Selection};
use cgo_toolchain::compiler::messages::{self, CompilerMessage, Severity};
use cgo_toolchain::compiler::object_target;
use cgo_toolchain::compiler::run::Places;
use cgo_toolchain::compiler::{Toolchain, Warnings};
use cgo_toolchain::session::Session;
use cgo_toolchain::session::process::Finished;
use cgo_toolchain::unit::TranslationUnit;

use crate::bisect;
use crate::probe::compile::compile;
use crate::probe::read;
use crate::probe::write;

/// The last run of the probe.
pub(crate) struct ProbeRun {
    /// Without the items that the compiler rejects.
    pub(crate) selection: Selection,
    pub(crate) results: ProbeResults,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Probes every selected item. An item that the compiler rejects, although our reading of the text expected otherwise, is left out.
pub(crate) fn probe_items(
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    names: &Names,
    mut selection: Selection,
    session: &Session,
) -> Outcome<ProbeRun> {
    let object = toolchain.work.join("probe.o");
    let mut rejected = Rejected {
        items: vec![false; selection.items.len()],
        reasons: HashMap::new(),
    };
    loop {
        // The compiler's error about a declaration that is not finished is clearer without a probe behind it.
        let probe_without = |rejected: &[bool]| {
            (!names.unfinished)
                .then(|| write::write(names, &selection.items, rejected, &unit.file_macro))
        };
        let run = |probe: Option<&write::Probe>, warnings, places| {
            let how = (warnings, places);
            compile(toolchain, unit, &names.macros, probe, &object, how)
        };
        let probe = probe_without(&rejected.items);
        let mut finished = run(probe.as_ref(), Warnings::Shown, Places::OfCompiler)?;
        finished = without_errors_of_flags(finished, || {
            run(probe.as_ref(), Warnings::Hidden, Places::OfCompiler)
        })?;
        if messages::read(&finished.stderr).iter().any(is_of_user) {
            finished = toolchain.with_places_at_use(finished, |places| {
                run(probe.as_ref(), Warnings::Shown, places)
            })?;
        }
        if finished.status.success() {
            let Some(probe) = probe else {
                return fail(
                    Message::new("the preamble ends inside a declaration")
                        .help("add the missing `;` or closing bracket"),
                );
            };
            let bytes = fs::read(&object)
                .or_else(|error| fail(format!("cannot read `{}`: {error}", object.display())))?;
            object_target::check(&bytes, toolchain, &unit.flags, session)?;
            let mut results = read::read(&bytes, &probe, selection.items.len()).or_else(fail)?;
            // The row of a rejected item describes its placeholder.
            results.of_item.retain(|index, _| !rejected.items[*index]);
            rejected.leave_out(&mut selection);
            return Ok(ProbeRun {
                selection,
                results,
                warnings: messages::diagnostics(shown_warnings(&finished.stderr), &unit.rust),
            });
        }
        let errors = messages::errors(&finished.stderr).into_iter();
        let (of_probe, of_user): (Vec<_>, Vec<_>) = errors.partition(is_of_probe);
        let found_more = rejected.add(&of_probe);
        if !of_user.is_empty() {
            return Err(messages::diagnostics(of_user, &unit.rust));
        }
        if found_more {
            continue;
        }
        // A signal may have other reasons than an item.
        let crashing = match finished.status.code() {
            Some(_) => bisect::culprits(selection.items.len(), |kept| {
                let kept = kept.iter().zip(&rejected.items);
                let rejected: Vec<bool> = kept.map(|(kept, rejected)| !kept || *rejected).collect();
                let probe = probe_without(&rejected);
                let finished = run(probe.as_ref(), Warnings::Shown, Places::OfCompiler)?;
                Ok(finished.status.success())
            })?,
            None => Vec::new(),
        };
        if crashing.is_empty() {
            return Err(toolchain.errors(&finished, &unit.rust));
        }
        rejected.add_crashing(&crashing, finished.status);
    }
}

/// gcc warns of how the probe uses a macro at the macro's definition. Where flags make errors of such warnings, the result is that of a run
/// without any.
fn without_errors_of_flags(
    finished: Finished,
    run: impl FnOnce() -> Outcome<Finished>,
) -> Outcome<Finished> {
    let errors = messages::errors(&finished.stderr);
    if !errors.iter().any(is_warning_of_probe) {
        return Ok(finished);
    }
    let silent = run()?;
    if !silent.status.success() {
        return Ok(silent);
    }
    Ok(match errors.iter().all(is_in_probe) {
        true => Finished {
            stderr: finished.stderr,
            ..silent
        },
        false => finished,
    })
}

/// The warnings of the preamble.
fn shown_warnings(stderr: &str) -> Vec<CompilerMessage> {
    let mut warnings = messages::warnings(stderr);
    warnings.retain(is_of_user);
    warnings
}

/// Whether it is about the preamble. The probe uses what is deprecated too, and to clang it asks for the types of functions that nothing needs.
fn is_of_user(message: &CompilerMessage) -> bool {
    !is_of_probe(message)
        && !is_warning_of_probe(message)
        && !message.says("[-Wunneeded-internal-declaration]")
}

fn is_of_probe(message: &CompilerMessage) -> bool {
    message.file == write::FILE || message.file == write::LITERALS
}

fn is_in_probe(message: &CompilerMessage) -> bool {
    is_of_probe(message) || message.function.as_deref() == Some(write::FUNCTION)
}

fn is_warning_of_probe(message: &CompilerMessage) -> bool {
    is_in_probe(message) && (message.severity == Severity::Warning || message.says("[-W"))
}

/// The items that the compiler rejects.
struct Rejected {
    /// Marks them in the order of the selection.
    items: Vec<bool>,
    /// The reasons that are known, by index.
    reasons: HashMap<usize, Message>,
}

impl Rejected {
    /// Marks the items that the errors are about, and tells whether there are new ones among them.
    fn add(&mut self, errors: &[CompilerMessage]) -> bool {
        let mut found_more = false;
        for error in errors {
            let index = error.line.wrapping_sub(1);
            let Some(is_rejected) = self.items.get_mut(index) else {
                continue;
            };
            found_more |= !*is_rejected;
            *is_rejected = true;
            if error.file == write::LITERALS {
                self.reasons
                    .insert(index, no_static_literal(&error.text).into());
            } else if error.text.contains("bit-field") {
                self.reasons.insert(index, BIT_FIELD.into());
            } else if error.text.contains("must be directly called") {
                self.reasons.insert(index, BUILT_IN.into());
            }
        }
        found_more
    }

    /// Marks the items on which the compiler crashes.
    fn add_crashing(&mut self, items: &[usize], status: ExitStatus) {
        for &index in items {
            self.items[index] = true;
            let reason = format!("the compiler crashes on it ({status})");
            self.reasons.insert(index, reason.into());
        }
    }

    /// Gives the selection the reasons why they are left out.
    fn leave_out(mut self, selection: &mut Selection) {
        let items = self.items.iter().zip(&selection.items).enumerate();
        for (index, (_, item)) in items.filter(|(_, (is_rejected, _))| **is_rejected) {
            let reason = self.reasons.remove(&index);
            let reason = reason.unwrap_or(NEITHER_VALUE_NOR_TYPE.into());
            selection.left_out.push(LeftOut::item(item, reason));
        }
    }
}

/// The reason where the compiler's message gives no better one.
const NEITHER_VALUE_NOR_TYPE: &str = "the compiler accepts it neither as a value nor as a type";

/// The reason for a macro whose value is a bit-field. The result of an operator has a type with a name.
const BIT_FIELD: Reason = Reason::new("it is a bit-field, whose type has no name in C")
    .help("write `(+s.field)` for its value, or return it from a C function of the preamble");

/// The reason for a function that a header of clang's own declares and clang makes instructions of, such as `_mm_pause`.
const BUILT_IN: Reason = Reason::new("it is built into the compiler, which does not tell its type")
    .help("call it from a C function of the preamble");

/// The reason for a macro that holds the address of a compound literal.
fn no_static_literal(error: &str) -> String {
    format!(
        "it holds the address of a compound literal, which lives no longer than the function that it is in, and C does not accept it at file scope: {error}"
    )
}
