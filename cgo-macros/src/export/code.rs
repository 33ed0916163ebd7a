//! Puts code together.

use std::str::FromStr;

use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

pub(super) fn join(parts: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    parts.into_iter().collect()
}

/// Code of ours; it is always Rust, but for what cannot be a name, and then rustc says so.
pub(super) fn parse(code: &str) -> TokenStream {
    TokenStream::from_str(code).unwrap_or_default()
}

pub(super) fn group(delimiter: Delimiter, inside: TokenStream, span: Span) -> TokenStream {
    let mut group = Group::new(delimiter, inside);
    group.set_span(span);
    TokenTree::Group(group).into()
}

pub(super) fn braces(inside: TokenStream, span: Span) -> TokenStream {
    group(Delimiter::Brace, inside, span)
}

pub(super) fn parentheses(inside: TokenStream) -> TokenStream {
    group(Delimiter::Parenthesis, inside, Span::call_site())
}

pub(super) fn brackets(inside: TokenStream) -> TokenStream {
    group(Delimiter::Bracket, inside, Span::call_site())
}

/// The same code, shown at `span`.
pub(super) fn located(code: TokenStream, span: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    code.into_iter().map(place).collect()
}

/// The same code, as if the user had written it at `span`.
pub(super) fn as_written(code: TokenStream, span: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    code.into_iter().map(place).collect()
}
