//! Reads an exported struct, union or enum.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Fields, FieldsNamed, FieldsUnnamed, Member, Result, Token, braced, token,
};

use super::export::{Enumeration, Field, Item, Record, Variant};
use super::syntax::{cfgs, name};

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
            "C needs `#[repr(C)]` here, and nothing else in it: only then the fields lie as in C",
        ));
    }
    let fields = if input.peek(token::Brace) {
        input.parse::<FieldsNamed>()?.named
    } else if input.peek(token::Paren) {
        input.parse::<FieldsUnnamed>()?.unnamed
    } else {
        return Err(input.error("C has no struct without fields"));
    };
    if fields.is_empty() {
        return Err(Error::new(name.span(), "C has no struct without fields"));
    }
    let fields = (0..).zip(fields).map(|(index, field)| Field {
        cfgs: cfgs(field.attrs),
        member: field.ident.map_or(Member::from(index), Member::Named),
        ctype: field.ty,
    });
    let fields = fields.collect();
    Ok((name, Item::Record(Record { fields, is_union })))
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
                "C needs `#[repr(C)]` here, or an integer type like `#[repr(u8)]`: only then the size is fixed",
            ));
        }
    };
    let list;
    braced!(list in input);
    let variants = Punctuated::<syn::Variant, Token![,]>::parse_terminated(&list)?;
    if variants.is_empty() {
        return Err(Error::new(name.span(), "C has no enum without enumerators"));
    }
    let mut read = Vec::new();
    for variant in variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "C's enumerators have no fields: export an enum without them, or a `#[repr(C)]` struct with a union";
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

/// What stands in `#[repr(..)]`.
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
    match input.peek(Token![<]) {
        true => Err(input.error("C knows no generics: export one type for each use")),
        false => Ok(()),
    }
}
