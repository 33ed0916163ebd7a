//! Asks the compiler what the selected names are. What can be compiled without the answer is compiled at the same time.

use std::thread::{self, ScopedJoinHandle};

use cgo_codegen::model;
use cgo_codegen::model::probe_results::ProbeResults;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::selection::Selection;

use crate::explain::directive_names;
use crate::linking::source_objects::{self, Objects, Sources};
use crate::pipeline::configure::Configured;
use crate::pipeline::early_object::{EarlyObject, Foreseen};
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::request::Request;
use crate::probe::run::{ProbeResult, probe_items};
use crate::toolchain::object_target;

/// What the compiler told.
pub(crate) struct Probed {
    /// The selection without what the compiler does not accept.
    pub(crate) selection: Selection,
    pub(crate) answer: ProbeResults,
    pub(crate) warnings: Vec<Diagnostic>,
    /// The preamble's object, if it could be compiled before the answer was known.
    pub(crate) early: Option<EarlyObject>,
    /// The objects of `SOURCES`.
    pub(crate) sources: Objects,
}

pub(crate) fn probe(
    request: &Request<'_>,
    parsed: &Parsed,
    configured: &Configured,
    preprocessed: &Preprocessed<'_>,
    selection: Selection,
) -> Outcome<Probed> {
    let (session, toolchain) = (request.session, &configured.toolchain);
    let (unit, names) = (&preprocessed.unit, &preprocessed.names);
    let builds = request.builds_library();
    let foreseen = match builds {
        true => Foreseen::of(request, &selection.items),
        false => None,
    };
    let compile_sources = || {
        let sources = Sources {
            files: &parsed.directives.sources,
            flags: &configured.unit.flags,
            header: &request.rust.header,
            folders: &preprocessed.header_folders,
            folder: &unit.folder,
            rust: &unit.rust,
        };
        source_objects::compile(session, toolchain, &sources)
    };
    let has_sources = builds && !parsed.directives.sources.is_empty();
    let (probed, early, sources) = thread::scope(|scope| {
        let early =
            foreseen.map(|foreseen| scope.spawn(move || foreseen.compile(toolchain, unit, names)));
        let sources = has_sources.then(|| scope.spawn(compile_sources));
        let probed = probe_items(toolchain, unit, names, selection, session);
        let join = ScopedJoinHandle::join;
        (probed, early.map(join), sources.map(ScopedJoinHandle::join))
    });
    let ProbeResult {
        selection,
        mut answer,
        warnings,
    } = object_target::or_wrong_target(probed, toolchain, unit, session)?;
    answer.types.no_float_registers =
        compiler_flag::keeps_floats_elsewhere(toolchain.all_flags(unit));
    model::complete(names, &selection.items, &mut answer);
    directive_names::safe_are_functions(&parsed.directives, &selection, &answer)?;
    Ok(Probed {
        selection,
        answer,
        warnings,
        // If its thread broke off, it is compiled again.
        early: early.and_then(Result::ok),
        sources: match sources {
            Some(Ok(objects)) => objects?,
            Some(Err(_)) => return fail("a thread that compiled a source broke off"),
            None => Objects::default(),
        },
    })
}
