//! Shows an error where the user can act on it.

use std::collections::HashMap;

use cgo_driver::{Broken, Diagnostic, Place, Preamble};

use std::str::FromStr;

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// A call that cannot be read.
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// The spans of the C tokens by their place; empty for the forms that have no C tokens.
pub(crate) struct Spans {
    /// The macro call as a whole.
    pub(crate) call: Span,
    /// In the order of the text.
    pub(crate) tokens: Vec<(Place, Span)>,
    /// The types that the head takes from elsewhere, with the places of the names in their paths.
    pub(crate) taken: HashMap<String, Vec<Span>>,
}

impl Spans {
    pub(crate) fn of(call: Span, tokens: Vec<(Place, Span)>) -> Spans {
        Spans {
            call,
            tokens,
            taken: HashMap::new(),
        }
    }

    /// The token at a place, or the last one before it on the same line; else the first of the line.
    pub(crate) fn at(&self, place: Place) -> Option<Span> {
        let on_line = || self.tokens.iter().filter(|(at, _)| at.line == place.line);
        let before = on_line()
            .filter(|(at, _)| at.column <= place.column)
            .max_by_key(|(at, _)| at.column);
        before
            .or_else(|| on_line().min_by_key(|(at, _)| at.column))
            .map(|(_, span)| *span)
    }
}

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

/// The module of a preamble that failed, with the error that all its types are made of.
pub(crate) fn with_error(broken: &Broken, error: TokenStream) -> TokenStream {
    // The length of the array is the error; so is what is made of the array.
    let length = concat([error, ours("0")]);
    let array = concat([ours("();"), group(Delimiter::Brace, length)]);
    let items = concat([
        ours(&format!("type {} = <", Broken::ERROR)),
        group(Delimiter::Bracket, array),
        ours("as ::core::iter::IntoIterator>::Item;"),
        ours(&broken.items),
    ]);
    concat([ours(&broken.head), group(Delimiter::Brace, items)])
}

/// Code of the engine, or of this file.
fn ours(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap_or_default()
}

fn group(delimiter: Delimiter, inside: TokenStream) -> TokenStream {
    TokenTree::from(Group::new(delimiter, inside)).into()
}

fn concat<const N: usize>(parts: [TokenStream; N]) -> TokenStream {
    parts.into_iter().collect()
}

/// Rust that rustc warns of at `span` with this message: proc macros can give no warnings of their own, but the use of
/// something deprecated is one that has a text. `#[allow(deprecated)]` silences it.
pub(crate) fn warning(message: &str, span: Span) -> TokenStream {
    let quoted = Literal::string(message);
    let code = format!(
        "const _: () = {{ #[deprecated(note = {quoted})] #[allow(non_upper_case_globals)] const C_warning: () = (); C_warning }};"
    );
    located(ours(&code), span)
}

/// The tokens with this span, in which rustc then sees the user's own code.
fn located(stream: TokenStream, span: Span) -> TokenStream {
    let located = stream.into_iter().map(|mut tree| {
        if let TokenTree::Group(group) = &tree {
            let inner = located(group.stream(), span);
            tree = Group::new(group.delimiter(), inner).into();
        }
        tree.set_span(span);
        tree
    });
    located.collect()
}

/// A message at its C token; where there is no token at its place, at the call, with the place in words and the line.
pub(crate) fn placed(
    diagnostic: &Diagnostic,
    spans: &Spans,
    preamble: &Preamble,
) -> (String, Span) {
    let message = diagnostic.message.clone();
    let Some(place) = diagnostic.place else {
        return (message, spans.call);
    };
    if let Some(span) = spans.at(place) {
        return (message, span);
    }
    let Place { line, column } = place;
    let file = spans.call.file();
    let message = format!("{file}:{line}:{column}: {message}");
    let quoted = preamble.quote(place);
    (format!("{message}{quoted}"), spans.call)
}
