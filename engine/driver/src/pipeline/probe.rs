//! Probes the selected names: the compiler tells their types and values. The early object and `SOURCES` are compiled at the same time.

use std::thread::{self, ScopedJoinHandle};

use cgo_codegen::model;
use cgo_codegen::model::probe_results::ProbeResults;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, all_or, fail};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::selection::Selection;
use cgo_toolchain::compiler::target_check;

use crate::explain::directive_names;
use crate::linking::source_languages::{SourceCompiler, SourceCompilers};
use crate::linking::source_objects::{self, Objects, Sources};
use crate::pipeline::configure::Configured;
use crate::pipeline::early_object::{EarlyObject, Foreseen};
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::request::Request;
use crate::probe::run::{ProbeRun, probe_items};

/// What is known after the probe.
pub(crate) struct Probed {
    /// The selection without the items that the compiler rejects.
    pub(crate) selection: Selection,
    pub(crate) results: ProbeResults,
    pub(crate) warnings: Vec<Diagnostic>,
    /// `None` if nothing was foreseen, or no library is made.
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
        true => Foreseen::of(request, &selection.items, names),
        false => None,
    };
    let compile_sources = || {
        let c = SourceCompiler {
            toolchain,
            flags: &configured.unit.flags,
        };
        let (directives, packages) = (&parsed.directives, &configured.packages);
        let sources = Sources {
            files: &directives.sources,
            compilers: &SourceCompilers::find(session, c, directives, &packages.cflags)?,
            header: &request.rust.header,
            folders: &preprocessed.header_folders,
            programs: &preprocessed.programs,
            folder: &unit.folder,
            rust: &unit.rust,
        };
        source_objects::compile(session, &sources)
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
    let ProbeRun {
        selection,
        mut results,
        warnings,
    } = target_check::or_wrong_target(probed, toolchain, unit, session)?;
    results.types.no_float_registers = session.target.soft_float
        || compiler_flag::forbids_float_registers(toolchain.all_flags(unit));
    model::complete(names, &selection.items, &session.target, &mut results);
    let directives = &parsed.directives;
    let items = &selection.items;
    let errors = model::prototypes::apply(&directives.prototypes, names, items, &mut results);
    all_or(errors, ())?;
    directive_names::safe_are_functions(directives, &selection, &results)?;
    directive_names::types_are_known(directives, names, &selection, &results)?;
    directive_names::items_are_fit(directives, &selection, &results)?;
    Ok(Probed {
        selection,
        results,
        warnings,
        // If its thread panicked, the object is compiled again.
        early: early.and_then(Result::ok),
        sources: match sources {
            Some(Ok(objects)) => objects?,
            Some(Err(_)) => return fail("a thread that compiled a file of `SOURCES` panicked"),
            None => Objects::default(),
        },
    })
}
