//! Recognizes items, and parses what all of them have.

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Lit, LitStr, Meta, Path, Result, Token, parse_quote};

/// Whether a function follows, perhaps with qualifiers such as `unsafe` and `extern "C"`.
pub(crate) fn starts_function(input: ParseStream<'_>) -> bool {
    let input = input.fork();
    loop {
        if input.peek(Token![fn]) {
            return true;
        }
        let is_qualifier = input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
            || input.peek(syn::LitStr);
        if !is_qualifier || input.parse::<TokenTree>().is_err() {
            return false;
        }
    }
}

/// Whether a union follows: `union` is a keyword only before a name.
pub(crate) fn starts_union(input: ParseStream<'_>) -> bool {
    input.peek(Token![union]) && input.peek2(Ident::peek_any)
}

/// The name of an item.
pub(crate) fn name(input: ParseStream<'_>) -> Result<Ident> {
    let name = input.fork();
    match name.parse::<Ident>() {
        Ok(read) => {
            input.advance_to(&name);
            Ok(read)
        }
        Err(_) => Err(input.error("expected identifier")),
    }
}

/// The text in `#[name = "text"]`.
pub(crate) fn text_of<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a LitStr> {
    let Meta::NameValue(named) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(value) = &named.value else {
        return None;
    };
    match &value.lit {
        Lit::Str(text) if named.path.is_ident(name) => Some(text),
        _ => None,
    }
}

/// Whether it is `#[no_mangle]` or `#[export_name = ".."]`, or one of them in `#[unsafe(..)]`.
pub(super) fn names_symbol(attribute: &Attribute) -> bool {
    let is_name = |path: &Path| path.is_ident("no_mangle") || path.is_ident("export_name");
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("unsafe") => {
            let inner = list.parse_args::<Meta>();
            inner.is_ok_and(|inner| is_name(inner.path()))
        }
        meta => is_name(meta.path()),
    }
}

/// The `#[cfg(..)]`s among attributes, also those in a `cfg_attr`.
pub(super) fn cfgs(attributes: Vec<Attribute>) -> Vec<Attribute> {
    let mut cfgs = Vec::new();
    for attribute in attributes {
        match attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) {
            _ if is_cfg(&attribute) => cfgs.push(attribute),
            Ok(list) if attribute.path().is_ident("cfg_attr") => {
                let mut list = list.into_iter();
                let predicate = list.next();
                let inner = list.map(|meta| parse_quote!(#[#meta])).collect();
                for inner in self::cfgs(inner) {
                    if let Ok(then) = inner.meta.require_list() {
                        let then = &then.tokens;
                        cfgs.push(parse_quote!(#[cfg(any(not(#predicate), #then))]));
                    }
                }
            }
            _ => {}
        }
    }
    cfgs
}

pub(super) fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}
