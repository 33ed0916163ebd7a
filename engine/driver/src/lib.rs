//! The engine of cgo: a C preamble in, the text of a Rust module and a static library out.
//!
//! [`expand`] needs no rustc around it: tests, benchmarks and tools call it with a [`Session`] of their own. The stages that it goes through
//! are the lines of `run_stages` in `pipeline/mod.rs`.

mod bisect;
mod cache;
mod checked_in;
mod explain;
mod exports;
mod fingerprint;
#[cfg(test)]
mod fuzz;
#[cfg(fuzzing)]
#[path = "fuzz/parsers.rs"]
pub mod fuzzed;
mod linking;
mod module;
mod pipeline;
mod probe;
pub mod rust_scan;

use std::borrow::Cow;

use cgo_csyntax::declarations::declared;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::directive;
use cgo_csyntax::message::Message;
use cgo_toolchain::session::dump::Dump;

use explain::fallback;
use module::Module;
use pipeline::preprocess::Texts;
use pipeline::request::{CrateSources, Request};
use pipeline::stand_in::lacks_something;
use rust_scan::given_values::GivenValues;
use rust_scan::rust_items::RustItems;
use rust_scan::rust_words::RustWords;

pub use cgo_csyntax::cfg::Cfg;
pub use cgo_csyntax::diagnostic::{Diagnostic, Place};
pub use cgo_csyntax::exports::Exports;
pub use cgo_csyntax::preamble::{Import, ModuleVisibility, Preamble};
pub use cgo_csyntax::target::Target;
pub use cgo_toolchain::session::environment::variable;
pub use cgo_toolchain::session::rust_files::rust_files;
pub use cgo_toolchain::session::{CompileMode, Facade, Session, SessionError, this_machine};
pub use explain::fallback::Fallback;
pub use exports::{FindExports, no_exports};
pub use module::spans::DeclaredItem;

/// What a call of the macro turns into.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The Rust module.
    pub code: Code,
    /// What went wrong, and the code does not say itself.
    pub errors: Vec<Diagnostic>,
    /// What the C compiler warns of.
    pub warnings: Vec<Diagnostic>,
    /// Where the module's items are declared in the Rust file.
    pub declared: Vec<DeclaredItem>,
    /// Whether its C declares exports itself, otherwise than by `_cgo_export.h`, which is the same in all preambles.
    pub declares_exports: bool,
}

/// The Rust that a preamble turns into.
#[derive(Clone, Debug)]
pub enum Code {
    /// A module, and what `#[export_c]` is to compare with its C.
    Module(String),
    /// The module that replaces it after an error. The first error is to be put into it.
    Fallback(Fallback),
}

impl Code {
    /// The text, of a fallback module without its error.
    pub fn text(&self) -> String {
        match self {
            Code::Module(text) => text.clone(),
            Code::Fallback(fallback) => fallback.with_error(""),
        }
    }
}

/// Expands one preamble, and writes down how, if it is asked for.
pub fn expand(preamble: &Preamble, session: &Session, find: FindExports) -> Expansion {
    let (dump, mut unwritten) = match Dump::of(preamble, session) {
        Ok(dump) => (dump, Vec::new()),
        Err(errors) => (Dump::default(), errors),
    };
    let request = Request {
        preamble,
        session,
        rust: Cow::Owned(CrateSources::of(session, preamble, find)),
        dump: &dump,
    };
    let texts = Texts::default();
    let mut expansion = match pipeline::module_of(&request, &texts) {
        Ok(module) => expanded(module, session),
        Err(errors) => after_errors(errors, texts.last(), &request),
    };
    if session.dump.is_some() {
        let written = dump.finish(&expansion.code.text(), &expansion.errors);
        unwritten.extend(written.err().unwrap_or_default());
    }
    expansion.errors.append(&mut unwritten);
    expansion
}

fn expanded(module: Module, session: &Session) -> Expansion {
    let mut prototypes = module.prototypes.iter();
    Expansion {
        code: Code::Module(module.numbered(session.preamble_number)),
        errors: Vec::new(),
        declares_exports: prototypes.any(|prototype| !prototype.is_of_header),
        warnings: module.warnings,
        declared: module.declared,
    }
}

/// What stands in for a module with these errors. `text` is the preprocessed one, if it came to that.
fn after_errors(
    mut errors: Vec<Diagnostic>,
    text: Option<&str>,
    request: &Request<'_>,
) -> Expansion {
    let (preamble, session, rust) = (request.preamble, request.session, &request.rust);
    for error in &mut errors {
        // The compiler gives its own flags no place.
        let quoted = error.message.text.split('\'').skip(1).step_by(2);
        let flags = quoted.filter(|word| word.starts_with('-'));
        let place = error.place;
        error.place = place.or_else(|| directive::place_of(flags, &preamble.text, preamble.start));
        exports::explain(
            &rust.exports,
            &mut error.message,
            &rust.header,
            text.unwrap_or_default(),
        );
    }
    // If the text never came to the compiler, what it declares itself can still be seen.
    let names = declared(text.unwrap_or(&preamble.text));
    let words = rust.words.as_ref();
    let rust = RustItems::of(session);
    if session.documents && lacks_something(&errors, session) {
        let (visibility, module) = (&preamble.visibility, &preamble.module);
        let given = GivenValues::of(session);
        let code = fallback::for_documentation(visibility, module, words, &names, &rust, &given);
        return Expansion {
            code: Code::Module(code),
            errors: Vec::new(),
            warnings: vec![without_c(&errors)],
            declared: Vec::new(),
            declares_exports: false,
        };
    }
    let shared = fallback::shared(&errors, session, &rust);
    let (visibility, module) = (&preamble.visibility, &preamble.module);
    let fallback = fallback::module(visibility, module, words, &names, &rust);
    let (code, errors) = match shared {
        Some(shared) => (Code::Module(fallback.with_error(&shared)), Vec::new()),
        None => (Code::Fallback(fallback), errors),
    };
    Expansion {
        code,
        errors,
        warnings: Vec::new(),
        declared: Vec::new(),
        declares_exports: false,
    }
}

/// The one warning about a module that documents nothing of C.
fn without_c(errors: &[Diagnostic]) -> Diagnostic {
    let first = errors.first();
    let message = first.map_or(Message::new(""), |error| error.message.clone());
    let message = message
        .prefixed("this C is missing from the documentation: ")
        .help("check in bindings with `#cgo bindings: FILE` to document it without its library, with the values of its constants");
    Diagnostic::new(first.and_then(|error| error.place), message)
}

/// The module where the call itself cannot be read.
pub fn unreadable(session: &Session) -> Fallback {
    let words = RustWords::of(session, "C");
    let (names, rust) = (Names::default(), RustItems::of(session));
    let visibility = ModuleVisibility::of_crate();
    fallback::module(&visibility, "C", words.as_ref(), &names, &rust)
}
