//! Expands `c_preamble!`: reads the call, runs the engine, and gives its module to rustc.

mod call_text;
mod comments;
mod editor;
#[cfg(feature = "export")]
mod exports;
mod head;
mod navigation;
mod source;
mod spans;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Code, Place, Preamble, Session};

use proc_macro::{Span, TokenStream};

use crate::diagnostics::{self, MacroError};
#[cfg(feature = "export")]
use crate::export;
use crate::facade;

use self::editor::last_compiled::{last_compiled, or_last_compiled};

/// For the error if `cgo` is not a dependency.
const HOW_TO_NAME_THE_FACADE: &str = "`crate = other_crate::cgo;` at the start of the preamble";

/// The expansion.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut session = Session::of_this_process();
    let has_tokens = !input.is_empty();
    let call = match read(input, &session) {
        Ok(call) => call,
        Err(error) => return unreadable(&error, &session),
    };
    match facade::find(call.facade.clone(), &session, HOW_TO_NAME_THE_FACADE) {
        Ok(facade) => facade::renamed(module(call, has_tokens, &mut session), &facade),
        Err(error) => diagnostics::error(&error.message, error.span),
    }
}

/// The call. An editor's server gives no tokens while a quote or a bracket is open.
fn read(input: TokenStream, session: &Session) -> Result<source::Call, MacroError> {
    let had_tokens = || last_compiled().is_some_and(|last| last.had_tokens);
    if session.is_editor() && input.is_empty() && had_tokens() {
        return Err(MacroError {
            message: "a quote or a bracket in this C is not closed".to_string(),
            span: Span::call_site(),
        });
    }
    source::read(input, session.is_editor())
}

/// What a call turns into that cannot be read.
fn unreadable(error: &MacroError, session: &Session) -> TokenStream {
    let error = diagnostics::error(&error.message, error.span);
    match last_compiled().filter(|_| session.is_editor()) {
        Some(last) => {
            let last = last.with(Vec::new());
            let module = code(&last.code.text(), Span::call_site(), session);
            module.into_iter().chain(error).collect()
        }
        None => diagnostics::with_error(&cgo_driver::unreadable(session), error),
    }
}

/// The module with its errors and warnings. Its path to the crate `cgo` is `::cgo`.
fn module(call: source::Call, has_tokens: bool, session: &mut Session) -> TokenStream {
    let spans = call.spans;
    let preamble = number(call.preamble, session);
    #[cfg(feature = "export")]
    let find = exports::find;
    #[cfg(not(feature = "export"))]
    let find = cgo_driver::no_exports;
    let expansion = cgo_driver::expand(&preamble, session, find);
    let expansion = match session.is_editor() {
        true => or_last_compiled(expansion, has_tokens),
        false => expansion,
    };
    let placed = |diagnostic| spans::placed(diagnostic, &spans, &preamble);
    let mut errors = expansion.errors.iter().map(|diagnostic| {
        let (message, span) = placed(diagnostic);
        diagnostics::error(&message, span)
    });
    let mut output = match &expansion.code {
        Code::Module(text) => {
            let module = code(text, spans.elsewhere(), session);
            navigation::locate(module, &expansion.declared, &spans, session.is_editor())
        }
        Code::Fallback(fallback) => {
            diagnostics::with_error(fallback, errors.next().unwrap_or_default())
        }
    };
    output.extend(errors);
    #[cfg(feature = "export")]
    if expansion.declares_exports
        && let Some(message) = export::not_compared(session)
    {
        output.extend(diagnostics::error(&message, spans.call));
    }
    for diagnostic in &expansion.warnings {
        let (message, span) = placed(diagnostic);
        match session.documents {
            // rustdoc shows no warning of rustc's about what is deprecated.
            true => eprintln!("warning: {}: {message}", preamble.file.display()),
            false => output.extend(diagnostics::warning(&message, span)),
        }
    }
    output
}

/// Counts the calls that this process has expanded before: in the session all, in the preamble those at the same place.
fn number(preamble: Preamble, session: &mut Session) -> Preamble {
    static EXPANDED: Mutex<Vec<(Place, PathBuf)>> = Mutex::new(Vec::new());
    let place = (preamble.start, preamble.file.clone());
    let mut expanded = EXPANDED.lock().unwrap_or_else(PoisonError::into_inner);
    session.preamble_number = expanded.len();
    let repetition = expanded.iter().filter(|other| **other == place).count();
    expanded.push(place);
    Preamble {
        repetition,
        ..preamble
    }
}

/// The engine's text as rustc's tokens. In an editor all of them stand at `place`.
fn code(text: &str, place: Span, session: &Session) -> TokenStream {
    match TokenStream::from_str(text) {
        Ok(code) if session.is_editor() => diagnostics::located(code, place),
        Ok(code) => code,
        Err(error) => {
            let message =
                format!("cgo wrote text that is not Rust, which is a bug in cgo: {error}");
            diagnostics::error(&message, Span::call_site())
        }
    }
}
