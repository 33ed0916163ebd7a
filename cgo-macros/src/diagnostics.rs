//! Makes errors and warnings for rustc.

use std::str::FromStr;

use cgo_driver::Fallback;

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// An error in the call.
pub(crate) struct MacroError {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// `::core::compile_error! { "message" }` at `span`.
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

/// The module of a preamble that failed. All its types are made of the error.
pub(crate) fn with_error(fallback: &Fallback, error: TokenStream) -> TokenStream {
    // The length of the array is an error, and so is every type made of the array.
    let length = concat([error, ours("0")]);
    let array = concat([ours("();"), group(Delimiter::Brace, length)]);
    let items = concat([
        ours(&format!("type {} = <", Fallback::ERROR)),
        group(Delimiter::Bracket, array),
        ours("as ::core::iter::IntoIterator>::Item;"),
        ours(&fallback.items),
    ]);
    concat([ours(&fallback.head), group(Delimiter::Brace, items)])
}

/// Parses generated code.
fn ours(text: &str) -> TokenStream {
    let code = TokenStream::from_str(text).unwrap_or_default();
    located(code, Span::call_site())
}

fn group(delimiter: Delimiter, inside: TokenStream) -> TokenStream {
    TokenTree::from(Group::new(delimiter, inside)).into()
}

fn concat<const N: usize>(parts: [TokenStream; N]) -> TokenStream {
    parts.into_iter().collect()
}

/// Code that uses a deprecated item, so that rustc warns at `span` with this message: stable procedural macros cannot warn.
/// `#[allow(deprecated)]` silences it.
pub(crate) fn warning(message: &str, span: Span) -> TokenStream {
    let quoted = Literal::string(message);
    let code = format!(
        "const _: () = {{ #[deprecated(note = {quoted})] #[allow(non_upper_case_globals)] const C_warning: () = (); C_warning }};"
    );
    located(ours(&code), span)
}

/// The tokens with this span, in which rustc then sees the user's own code. An editor's server wants it of all that was made from text:
/// it takes a token's place in the text for one in a file.
pub(crate) fn located(stream: TokenStream, span: Span) -> TokenStream {
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
