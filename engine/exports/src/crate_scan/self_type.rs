//! Replaces `Self` by the type of an `impl`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Generics, Ident, Token, Type};

use crate::token_map::with_stream;

/// The tokens of the type that an `impl` is for.
pub(super) fn type_of_impl(head: &[TokenTree]) -> TokenStream {
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
        if has_generics {
            input.parse::<Generics>()?;
        }
        input.parse::<Option<Token![!]>>()?;
        let mut ctype: Type = input.parse()?;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            ctype = input.parse()?;
        }
        input.parse::<TokenStream>()?;
        Ok(ctype.into_token_stream())
    };
    read.parse2(tokens).unwrap_or_else(|_| quote!(Self))
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
