//! The procedural macros of cgo: they read the call, ask `cgo-bindgen`, and hand its answer to rustc.

mod export;
mod head;
mod navigation;
mod report;
mod search;
mod source;
mod tokens;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use cgo_bindgen::{Place, Preamble, Session, THE_ERROR};

use proc_macro::{Span, TokenStream};

/// C in a Rust file: see the `cgo` crate, which exports this macro.
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    let mut session = Session::of_this_process();
    let (preamble, spans) = match source::read(input) {
        Ok((preamble, spans)) => (number(preamble, &mut session), spans),
        Err(refusal) => {
            let error = report::error(&refusal.message, refusal.span);
            let call = Span::call_site();
            return report::with_error(code(&cgo_bindgen::unreadable(&session), call), error);
        }
    };
    let expansion = cgo_bindgen::expand(&preamble, &session);
    let output = code(&expansion.code, spans.call);
    let output = navigation::locate(output, &expansion.declared, &spans);
    let placed = |diagnostic| report::placed(diagnostic, &spans, &preamble);
    let mut errors = expansion.errors.iter().map(|diagnostic| {
        let (message, span) = placed(diagnostic);
        report::error(&message, span)
    });
    let mut output = match expansion.code.contains(THE_ERROR) {
        true => report::with_error(output, errors.next().unwrap_or_default()),
        false => output,
    };
    output.extend(errors);
    if let Some(message) = export::not_compared(&session, &expansion.code) {
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
#[proc_macro_attribute]
pub fn export_c(attribute: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(attribute, item, &Session::of_this_process())
}
