//! Writes the module, and puts it and its library into the store.

use cgo_csyntax::diagnostic::Outcome;

use crate::cache::kept_module::KeptModule;
use crate::cache::layouts;
use crate::cache::store::{Manifest, Store};
use crate::exports::{self, comparison};
use crate::module::{self, Module, spans};
use crate::pipeline::depend::Dependencies;
use crate::pipeline::link::Linked;
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::request::Request;

pub(crate) fn finish(
    request: &Request<'_>,
    parsed: &Parsed,
    preprocessed: &Preprocessed<'_>,
    linked: Linked,
    dependencies: Dependencies,
    store: &Store,
) -> Outcome<Module> {
    let Linked {
        bindings,
        library,
        links,
        mut warnings,
        ..
    } = linked;
    let (rust, names) = (&request.rust, &preprocessed.names);
    for warning in &mut warnings {
        let message = &mut warning.message;
        exports::explain(&rust.exports, message, &rust.header, preprocessed.text);
    }
    let words = rust.words.as_ref();
    if request.builds_library() {
        layouts::keep(request.preamble, request.session, &bindings.layouts);
    }
    let manifest = Manifest::of(dependencies.state, names);
    let name = store.library_name(&manifest, words);
    let code = module::write(
        request.preamble,
        &bindings,
        &links,
        Some(&dependencies.tracked),
        &parsed.directives.bind,
        library.as_ref().zip(name.as_deref()),
    );
    let left_out = bindings.left_out.iter().map(|one| one.name.as_str());
    let mut declared = spans::declared(names, &preprocessed.unit.rust, left_out);
    if request.session.is_editor() {
        declared.extend(spans::included(
            names,
            preprocessed.text,
            &preprocessed.unit.rust,
        ));
    }
    let module = Module {
        code,
        warnings,
        declared,
        prototypes: comparison::with_numbers(
            bindings.prototypes,
            &rust.exports,
            &parsed.directives,
            request.session,
        ),
    };
    let archive = library.as_ref().map(|library| library.archive.as_path());
    store.keep(&manifest, words, KeptModule::of(module, links), archive)
}
