//! Shows an error where the user can act on it.

use cgo_bindgen::{Diagnostic, Preamble};
use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::source::Spans;

/// `::core::compile_error! { "message" }` with the error at `span`.
pub(crate) fn error(message: &str, span: Span) -> TokenStream {
    let mut text = Literal::string(message);
    text.set_span(span);
    let mut body = Group::new(Delimiter::Brace, TokenTree::from(text).into());
    body.set_span(span);
    let sign = |character, spacing| {
        let mut sign = Punct::new(character, spacing);
        sign.set_span(span);
        TokenTree::from(sign)
    };
    let path = |word: &str| {
        [
            sign(':', Spacing::Joint),
            sign(':', Spacing::Alone),
            Ident::new(word, span).into(),
        ]
    };
    path("core")
        .into_iter()
        .chain(path("compile_error"))
        .chain([sign('!', Spacing::Alone), body.into()])
        .collect()
}

/// A C error at its token; where there is no token at its place, at the call with the place in words.
pub(crate) fn diagnostic(
    diagnostic: &Diagnostic,
    spans: &Spans,
    preamble: &Preamble,
) -> TokenStream {
    let Some(place) = diagnostic.place else {
        return error(&diagnostic.message, spans.call());
    };
    match spans.at(place) {
        Some(span) => error(&diagnostic.message, span),
        None => {
            let message = format!(
                "{}:{}:{}: {}",
                preamble.file.display(),
                place.line,
                place.column,
                diagnostic.message
            );
            error(&message, spans.call())
        }
    }
}
