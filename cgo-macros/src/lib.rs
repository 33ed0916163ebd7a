//! The procedural macros of cgo: they read the call, ask `cgo-driver`, and hand its answer to rustc.

#[cfg(feature = "export")]
mod export;
#[cfg(feature = "export")]
mod exports;
mod facade;
mod head;
mod navigation;
mod report;
mod search;
mod source;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Code, Place, Preamble, Session};

use proc_macro::{Span, TokenStream};

/// C in a Rust file: see the `cgo` crate, which exports this macro.
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    let mut session = Session::of_this_process();
    let call = match source::read(input) {
        Ok(call) => call,
        Err(refusal) => {
            let error = report::error(&refusal.message, refusal.span);
            return report::with_error(&cgo_driver::unreadable(&session), error);
        }
    };
    match facade::find(call.facade.clone(), &session, WHERE_IN_PREAMBLE) {
        Ok(facade) => facade::renamed(expand(call, &mut session), &facade),
        Err(refusal) => report::error(&refusal.message, refusal.span),
    }
}

/// How to say where the crate `cgo` is.
const WHERE_IN_PREAMBLE: &str = ", at the start of the preamble: `crate = other_crate::cgo;`";

/// What the call turns into, with `::cgo` for the facade.
fn expand(call: source::Call, session: &mut Session) -> TokenStream {
    let spans = call.spans;
    let preamble = number(call.preamble, session);
    #[cfg(feature = "export")]
    let find = exports::find;
    #[cfg(not(feature = "export"))]
    let find = cgo_driver::no_exports;
    let expansion = cgo_driver::expand(&preamble, session, find);
    let placed = |diagnostic| report::placed(diagnostic, &spans, &preamble);
    let mut errors = expansion.errors.iter().map(|diagnostic| {
        let (message, span) = placed(diagnostic);
        report::error(&message, span)
    });
    let mut output = match &expansion.code {
        Code::Module(text) => {
            navigation::locate(code(text, spans.call), &expansion.declared, &spans)
        }
        Code::Broken(broken) => report::with_error(broken, errors.next().unwrap_or_default()),
    };
    output.extend(errors);
    #[cfg(feature = "export")]
    if expansion.declares_exports
        && let Some(message) = export::not_compared(session)
    {
        output.extend(report::error(&message, spans.call));
    }
    for diagnostic in &expansion.warnings {
        let (message, span) = placed(diagnostic);
        output.extend(report::warning(&message, span));
    }
    output
}

/// Tells the preamble and the session how many calls this rustc has expanded before: in all, and at the same place.
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

/// The engine's text as rustc's tokens.
fn code(text: &str, call: Span) -> TokenStream {
    TokenStream::from_str(text).unwrap_or_else(|error| {
        let message = format!("cgo wrote Rust that is none, which is a bug of cgo: {error}");
        report::error(&message, call)
    })
}

/// Gives a Rust function, variable or type to C: see the `cgo` crate, which exports this attribute.
#[cfg(feature = "export")]
#[proc_macro_attribute]
pub fn export_c(attribute: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(attribute.into(), item.into(), &Session::of_this_process()).into()
}
