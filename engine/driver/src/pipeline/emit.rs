//! Generates the items of the module, and compiles the shims that they need.

use std::collections::{BTreeSet, HashMap, HashSet};

use cgo_codegen::Bindings;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::explain::directive_names;
use crate::exports::comparison;
use crate::linking::preamble_object::{self, Attempt, PreambleObject};
use crate::linking::rejected_shims;
use crate::linking::source_objects::Objects;
use crate::module::source_lines::SourceLines;
use crate::pipeline::configure::Configured;
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::probe::Probed;
use crate::pipeline::request::Request;

/// The items, and the objects that they link to.
pub(crate) struct Emitted {
    pub(crate) bindings: Bindings,
    /// The preamble's object; `None` where no library is made.
    pub(crate) object: Option<PreambleObject>,
    /// The objects of `SOURCES`.
    pub(crate) sources: Objects,
    /// The warnings of the probe.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// After so many rounds, shims like the rejected ones are left out too.
const ROUNDS: usize = 3;

/// An item whose shim the compiler rejects is left out, and the others are generated and compiled again.
pub(crate) fn emit(
    request: &Request<'_>,
    parsed: &Parsed,
    configured: &Configured,
    preprocessed: &Preprocessed<'_>,
    mut probed: Probed,
) -> Outcome<Emitted> {
    let mut early = probed.early.take();
    let source = SourceLines::new(request.preamble.folder());
    if request.session.is_editor() {
        source.know(&preprocessed.unit.rust);
    }
    let mut rejected = HashMap::new();
    let mut rejected_layouts = HashSet::new();
    for round in 0.. {
        let mut bindings = generate(request, parsed, preprocessed, &probed, &source, &rejected);
        directive_names::underivable(&bindings.underivable)?;
        bindings
            .layouts
            .retain(|layout| !rejected_layouts.contains(&layout.record));
        let attempt = match early.take().filter(|early| early.suits(&bindings)) {
            Some(early) => Some(early.attempt?),
            None if request.builds_library() => Some(preamble_object::compile(
                &configured.toolchain,
                &preprocessed.unit,
                &preprocessed.names,
                &bindings.shims,
                &bindings.layouts,
            )?),
            None => None,
        };
        let object = match attempt {
            Some(Attempt::Compiled(object)) => Some(object),
            None => None,
            Some(Attempt::RejectedLayouts(records)) => {
                rejected_layouts.extend(records);
                continue;
            }
            Some(Attempt::RejectedShims(shims)) => {
                let before = rejected.len();
                rejected.extend(shims.into_iter().map(rejection));
                // Compilers report functions that they cannot inline one at a time.
                if round >= ROUNDS {
                    let doubtful = rejected_shims::similar(&bindings.shims, &rejected);
                    rejected.extend(doubtful.into_iter().map(rejection));
                }
                if rejected.len() == before {
                    break;
                }
                continue;
            }
        };
        return Ok(Emitted {
            bindings,
            object,
            sources: probed.sources,
            warnings: probed.warnings,
        });
    }
    fail("the C compiler rejects the shims of this preamble, and does not say which")
}

fn rejection((item, error): (String, String)) -> (String, String) {
    (item, format!("the C compiler rejects its shim: {error}"))
}

/// The items that need no C of this preamble, and the names of the others.
pub(crate) struct WithoutC {
    pub(crate) bindings: Bindings,
    pub(crate) left_out: BTreeSet<String>,
}

/// Generates the items that need no C of this preamble.
pub(crate) fn without_c(
    request: &Request<'_>,
    parsed: &Parsed,
    preprocessed: &Preprocessed<'_>,
    probed: &Probed,
) -> WithoutC {
    let source = SourceLines::new(request.preamble.folder());
    let reason = "it needs compiled C, which checked-in bindings do not contain";
    let without = |item: &str| (item.to_string(), reason.to_string());
    let defined = probed
        .selection
        .items
        .iter()
        .filter(|item| is_defined(item));
    let mut rejected: HashMap<_, _> = defined.map(|item| without(&item.name)).collect();
    loop {
        let bindings = generate(request, parsed, preprocessed, probed, &source, &rejected);
        if bindings.shims.is_empty() {
            let left_out = rejected.into_keys().collect();
            return WithoutC { bindings, left_out };
        }
        rejected.extend(bindings.shims.iter().map(|shim| without(shim.item())));
    }
}

/// Whether the preamble defines the function or variable for other files. An `inline` function has a shim if it is not defined elsewhere.
fn is_defined(item: &BoundItem) -> bool {
    match item.kind {
        ItemKind::FunctionOrVariable(storage) => {
            let is_tentative = !storage.function && !storage.is_extern && !storage.is_static;
            storage.defined && !storage.inline || is_tentative
        }
        _ => false,
    }
}

/// Generates the items without those whose shims are rejected.
fn generate(
    request: &Request<'_>,
    parsed: &Parsed,
    preprocessed: &Preprocessed<'_>,
    probed: &Probed,
    source: &SourceLines,
    rejected: &HashMap<String, String>,
) -> Bindings {
    let rust = &request.rust;
    let words = rust.words.as_ref();
    cgo_codegen::generate(&cgo_codegen::Input {
        preamble: request.preamble,
        directives: &parsed.directives,
        target: &request.session.target,
        names: &preprocessed.names,
        lines_of: &|file| source.of(file),
        selection: &probed.selection,
        probe: &probed.results,
        prefix: &preprocessed.unit.symbol_prefix,
        rejected,
        export: &comparison::find_export(&rust.exports, request.session),
        is_used: &|word| words.is_some_and(|words| words.all.contains(word)),
        is_of_module: &|word| words.is_none_or(|words| words.of_module.contains(word)),
        is_path: &|word| words.is_none_or(|words| words.in_paths.contains(word)),
    })
}
