//! Reads the head of an `impl`, and replaces `Self` by its type.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{GenericParam, Generics, Ident, Token, Type, parse_quote};

use crate::item::types::arguments;
use crate::token_map::with_stream;

/// The head of an `impl`.
pub(super) struct ImplHead {
    /// The tokens of the type that it is for.
    pub(super) ctype: TokenStream,
    /// Whether it stands for many types, and not only for many lifetimes.
    pub(super) is_generic: bool,
}

/// Reads the tokens before the braces.
pub(super) fn impl_head(head: &[TokenTree]) -> ImplHead {
    let tokens: TokenStream = head.iter().cloned().collect();
    let read = |input: ParseStream<'_>| {
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        // `impl <T as Trait>::Name` has no generics.
        let has_generics = input.peek(Token![<])
            && (input.peek2(Token![>])
                || input.peek2(Token![#])
                || input.peek2(Token![const])
                || (input.peek2(Ident) || input.peek2(syn::Lifetime))
                    && (input.peek3(Token![:])
                        || input.peek3(Token![,])
                        || input.peek3(Token![>])
                        || input.peek3(Token![=])));
        let generics = match has_generics {
            true => input.parse::<Generics>()?,
            false => Generics::default(),
        };
        let mut parameters = generics.params.iter();
        let is_generic =
            parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)));
        input.parse::<Option<Token![!]>>()?;
        let mut ctype: Type = input.parse()?;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            ctype = input.parse()?;
        }
        input.parse::<TokenStream>()?;
        // The header has no such type, and rustc compares no lengths in it.
        if !arguments(&ctype).is_empty() {
            ctype = parse_quote!(Self);
        }
        Ok(ImplHead {
            ctype: ctype.into_token_stream(),
            is_generic,
        })
    };
    read.parse2(tokens).unwrap_or_else(|_| ImplHead {
        ctype: quote!(Self),
        is_generic: false,
    })
}

/// The tokens with this type for `Self`.
pub(super) fn with_self(tokens: TokenStream, ctype: &TokenStream) -> TokenStream {
    let mut replaced: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word == "Self" => replaced.extend(ctype.clone()),
            TokenTree::Group(group) => {
                replaced.push(with_stream(&group, with_self(group.stream(), ctype)));
            }
            token => replaced.push(token),
        }
    }
    replaced.into_iter().collect()
}
