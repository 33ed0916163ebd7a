//! Reads an exported struct, union or enum.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Fields, FieldsNamed, FieldsUnnamed, Lifetime, Member, Result, Token, braced,
    token,
};

use super::export::{Enumeration, ExportedRecord, Field, Item, Variant};
use super::rejected_type;
use super::syntax::{cfgs, name};
use crate::token_map::{each_token, with_stream};

pub(crate) fn parse(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    is_union: bool,
) -> Result<(Ident, Item)> {
    input.call(Ident::parse_any)?;
    let name = name(input)?;
    no_generics(input)?;
    if repr(attributes) != ["C"] {
        return Err(Error::new(
            name.span(),
            "an exported struct or union must have the layout of C\nhelp: write `#[repr(C)]`, and nothing else in its brackets",
        ));
    }
    let fields = if input.peek(token::Brace) {
        input.parse::<FieldsNamed>()?.named
    } else if input.peek(token::Paren) {
        input.parse::<FieldsUnnamed>()?.unnamed
    } else {
        return Err(input.error("a struct without fields cannot be exported to C"));
    };
    if fields.is_empty() {
        return Err(Error::new(
            name.span(),
            "a struct without fields cannot be exported to C",
        ));
    }
    let mut read = Vec::new();
    for (index, field) in (0..).zip(fields) {
        rejected_type::check(&field.ty)?;
        rejected_type::check_address(&field.ty)?;
        read.push(Field {
            cfgs: cfgs(field.attrs),
            member: field.ident.map_or(Member::from(index), Member::Named),
            ctype: syn::parse2(with_self_named(field.ty.to_token_stream(), &name))?,
        });
    }
    let record = ExportedRecord {
        fields: read,
        is_union,
    };
    Ok((name, Item::Record(record)))
}

/// A type with the name of the record for `Self`, which the generated code does not know.
fn with_self_named(ctype: TokenStream, name: &Ident) -> TokenStream {
    each_token(ctype, &mut |token| match token {
        TokenTree::Ident(word) if word == "Self" => {
            // A copy, since the name may be `r#match`.
            let mut named = name.clone();
            named.set_span(name.span().located_at(word.span()));
            named.into()
        }
        TokenTree::Group(group) => with_stream(&group, with_self_named(group.stream(), name)),
        other => other,
    })
}

pub(crate) fn parse_enumeration(
    input: ParseStream<'_>,
    attributes: &[Attribute],
) -> Result<(Ident, Item)> {
    input.parse::<Token![enum]>()?;
    let name = name(input)?;
    no_generics(input)?;
    let integer = match &repr(attributes)[..] {
        [one] if one == "C" => None,
        [one] if one.starts_with(['i', 'u']) => Some(Ident::new(one, name.span())),
        _ => {
            return Err(Error::new(
                name.span(),
                "an exported enum must have a fixed size\nhelp: write `#[repr(C)]`, or an integer type such as `#[repr(u8)]`",
            ));
        }
    };
    let list;
    braced!(list in input);
    let variants = Punctuated::<syn::Variant, Token![,]>::parse_terminated(&list)?;
    if variants.is_empty() {
        return Err(Error::new(
            name.span(),
            "an enum without variants cannot be exported to C",
        ));
    }
    let mut read = Vec::new();
    for variant in variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "an enum with fields cannot be exported to C\nhelp: export an enum without fields, or a `#[repr(C)]` struct with a union";
            return Err(Error::new(variant.fields.span(), message));
        }
        read.push(Variant {
            cfgs: cfgs(variant.attrs),
            name: variant.ident,
            value: variant.discriminant.map(|(_, value)| value),
        });
    }
    let enumeration = Enumeration {
        integer,
        variants: read,
    };
    Ok((name, Item::Enumeration(enumeration)))
}

/// The words in `#[repr(..)]`.
fn repr(attributes: &[Attribute]) -> Vec<String> {
    let of_repr = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("repr"));
    let words = of_repr.flat_map(|attribute| {
        let list = attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated);
        list.into_iter().flatten()
    });
    words
        .map(|word| {
            word.path()
                .get_ident()
                .map_or(String::new(), Ident::to_string)
        })
        .collect()
}

fn no_generics(input: ParseStream<'_>) -> Result<()> {
    if !input.peek(Token![<]) {
        return Ok(());
    }
    Err(input.error(match input.peek2(Lifetime) {
        true => "a type with lifetimes cannot be exported to C\nhelp: write raw pointers instead of references: `*const T` or `*mut T`",
        false => "a generic type cannot be exported to C\nhelp: export one type for each use",
    }))
}
