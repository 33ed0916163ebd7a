//! The pipeline from a preamble to its module. [`module_of`] looks for a kept module, and [`run_stages`] calls one stage a line. Each
//! stage has a file here with its function and the type of its result.

mod check_in;
pub(crate) mod configure;
mod depend;
mod early_object;
pub(crate) mod emit;
mod finish;
mod link;
pub(crate) mod parse;
pub(crate) mod preprocess;
pub(crate) mod probe;
pub(crate) mod request;
mod restored_macros;
mod select;
pub(crate) mod stand_in;

use cgo_csyntax::diagnostic::{Outcome, all_or};
use cgo_toolchain::session::work_folder::WorkFolder;

use crate::cache::store::Store;
use crate::module::Module;

use check_in::check_in;
use configure::configure;
use depend::depend;
use emit::emit;
use finish::finish;
use link::link;
use parse::{Parsed, parse};
use preprocess::{Texts, preprocess};
use probe::probe;
use request::Request;
use select::select;
use stand_in::stand_in;

/// The module of a preamble. `texts` gets the preprocessed text, from which the names are read again after an error.
pub(crate) fn module_of(request: &Request<'_>, texts: &Texts) -> Outcome<Module> {
    let parsed = parse(request)?;
    let request = &request.with_starts(&parsed.directives.strip);
    let header = &request.rust.header;
    let store = Store::of(
        request.preamble,
        &parsed.directives,
        request.session,
        header,
    );
    if parsed.errors.is_empty()
        && let Some(module) = recall(request, &store)
    {
        return Ok(module);
    }
    let are_read = all_or(parsed.errors.clone(), ());
    let module = are_read.and_then(|()| run_stages(request, &parsed, &store, texts));
    module.or_else(|errors| stand_in(request, &parsed, &store, errors))
}

/// Calls the stages, one a line.
fn run_stages(
    request: &Request<'_>,
    parsed: &Parsed,
    store: &Store,
    texts: &Texts,
) -> Outcome<Module> {
    let work = WorkFolder::create(request.session)?;
    let configured = configure(request, parsed, &work)?;
    let preprocessed = preprocess(request, parsed, &configured, texts)?;
    let selection = select(request, parsed, &preprocessed)?;
    let probed = probe(request, parsed, &configured, &preprocessed, selection)?;
    let warnings = check_in(request, parsed, &configured, &preprocessed, &probed)?;
    let emitted = emit(request, parsed, &configured, &preprocessed, probed)?;
    let linked = link(request, &configured, &preprocessed, emitted)?;
    let dependencies = depend(parsed, configured, &preprocessed, &linked, store);
    let mut module = finish(request, parsed, &preprocessed, linked, dependencies, store)?;
    // They are about the file that was written, and not kept.
    module.warnings.extend(warnings);
    Ok(module)
}

/// The kept module, if no input has changed. For a dump, and for bindings that are to be written, the compiler is run in any case.
fn recall(request: &Request<'_>, store: &Store) -> Option<Module> {
    match request.session.dump {
        None if !check_in::writes(request.session) => store.recall(request.rust.words.as_ref()),
        _ => None,
    }
}
