//! Looks at the tokens of types, and rewrites lifetimes.

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use crate::token_map::{each_token, with_stream};

/// A type with `'_` for every named lifetime.
pub(super) fn elided(ctype: &impl ToTokens) -> TokenStream {
    let mut is_lifetime = false;
    let mut replace = |token: TokenTree| match token {
        TokenTree::Punct(sign) => {
            is_lifetime = sign.as_char() == '\'';
            TokenTree::Punct(sign)
        }
        TokenTree::Ident(name) if is_lifetime => {
            is_lifetime = false;
            TokenTree::Ident(Ident::new("_", name.span()))
        }
        TokenTree::Group(group) => {
            is_lifetime = false;
            with_stream(&group, elided(&group.stream()))
        }
        other => {
            is_lifetime = false;
            other
        }
    };
    each_token(ctype.to_token_stream(), &mut replace)
}

/// A reference or a box, with or without `Option`.
pub(super) fn is_pointing(ctype: &Type) -> bool {
    match ctype {
        Type::Reference(_) => true,
        Type::Group(group) => is_pointing(&group.elem),
        Type::Paren(paren) => is_pointing(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Box" || last.ident == "Option")
        }
        _ => false,
    }
}

/// The spans of a type's first and last token.
pub(super) fn ends(ctype: &Type) -> (Span, Span) {
    let mut tokens = ctype.to_token_stream().into_iter();
    let first = tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    let last = tokens.last().map_or(first, |token| token.span());
    (first, last)
}

/// Whether `self` or `Self` is among the tokens.
pub(super) fn mentions_self(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_self = match token {
            // `self::Name` is a path.
            TokenTree::Ident(word) if word == "self" => {
                let is_doubled = |next: &TokenTree| matches!(next, TokenTree::Punct(sign) if sign.as_char() == ':' && sign.spacing() == Spacing::Joint);
                !tokens.peek().is_some_and(is_doubled)
            }
            TokenTree::Ident(word) => word == "Self",
            TokenTree::Group(group) => mentions_self(group.stream()),
            _ => false,
        };
        if is_self {
            return true;
        }
    }
    false
}
