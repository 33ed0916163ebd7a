//! Selects the attributes that matter for exports.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta, Path};

/// Attributes as text.
pub(super) fn text_of(attributes: &[Attribute]) -> String {
    quote!(#(#attributes)*).to_string()
}

/// Whether an attribute is `#[export_c]`, or a `cfg_attr` with it.
pub(super) fn may_export(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => mentions_export(list.tokens.clone()),
        meta => is_export(meta.path()),
    }
}

/// Whether a path is that of `#[export_c]`.
pub(super) fn is_export(path: &Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|segment| segment.ident == "export_c")
}

/// Whether the word `export_c` is among the tokens.
pub(super) fn mentions_export(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "export_c",
        TokenTree::Group(group) => mentions_export(group.stream()),
        _ => false,
    })
}

/// The text of `cfg`, `cfg_attr` and `path` attributes.
pub(super) fn relevant(attributes: &[Attribute]) -> String {
    let matters = |attribute: &&Attribute| {
        let path = attribute.path();
        path.is_ident("cfg") || path.is_ident("cfg_attr") || path.is_ident("path")
    };
    let relevant = attributes.iter().filter(matters);
    quote!(#(#relevant)*).to_string()
}
