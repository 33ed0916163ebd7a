//! Reads an item under `#[export_c]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, Result, StaticMutability, Token, Type, Visibility};

use super::attribute::{Options, PanicRule};
use super::export::{Export, Item, Static};
use super::keywords::is_c_keyword;
use super::reserved::is_reserved;
use super::syntax::{name, names_symbol, starts_function, starts_union};
use super::{function, record, rejected_type};

/// Reads the item under an `#[export_c(..)]` with these options.
///
/// # Errors
///
/// If the item cannot be exported to C.
pub fn read(options: Options, item: TokenStream) -> Result<Export> {
    let parse = |input: ParseStream<'_>| {
        let export = parse(options, input)?;
        // The value of a `static` is not needed.
        input.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
        Ok(export)
    };
    parse.parse2(item)
}

/// Reads one item up to its body or value.
pub(crate) fn parse(options: Options, input: ParseStream<'_>) -> Result<Export> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    let (name, item) = item(input, &attributes, &options)?;
    let plain = name.unraw().to_string();
    let symbol = options.name.clone().unwrap_or(plain);
    if is_c_keyword(&symbol) {
        let message = format!(
            "`{symbol}` is a keyword of C\nhelp: give the item another name in C: `#[export_c(name = \"..\")]`"
        );
        return Err(Error::new(name.span(), message));
    }
    let has_symbol = matches!(item, Item::Function(_) | Item::Static(_));
    if let Some(other) = attributes
        .iter()
        .find(|other| has_symbol && names_symbol(other))
    {
        let message = "`#[export_c]` gives the item its name in C\n\
                       help: remove this attribute; for another name, write `#[export_c(name = \"..\")]`";
        return Err(Error::new(other.span(), message));
    }
    if has_symbol && !options.is_unsafe && is_reserved(&symbol) {
        let message = format!(
            "the C library and Rust's standard library use the name `{symbol}`, and would use this item instead of their own\n\
             help: give it another name in C: `#[export_c(name = \"..\")]`\n\
             help: if it is meant to replace theirs: `#[export_c(unsafe name = {symbol:?})]`"
        );
        return Err(Error::new(name.span(), message));
    }
    Ok(Export {
        symbol,
        name,
        attributes,
        visibility,
        item,
        options,
    })
}

fn item(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    options: &Options,
) -> Result<(Ident, Item)> {
    let is_function = starts_function(input);
    if !is_function && !matches!(options.panic, PanicRule::Abort) {
        return Err(
            input.error("`on_panic` and `unwind` are for functions only\nhelp: remove the option")
        );
    }
    if is_function {
        return function::parse(input);
    }
    if input.peek(Token![static]) {
        return variable(input);
    }
    if input.peek(Token![struct]) {
        return record::parse(input, attributes, false);
    }
    if starts_union(input) {
        return record::parse(input, attributes, true);
    }
    if input.peek(Token![enum]) {
        return record::parse_enumeration(input, attributes);
    }
    Err(input.error(match input.peek(Token![const]) {
        true => "a `const` cannot be exported to C\nhelp: export a `static`",
        false => "`#[export_c]` can only be applied to a function, a `static`, a `#[repr(C)]` struct or union, or an enum without fields",
    }))
}

fn variable(input: ParseStream<'_>) -> Result<(Ident, Item)> {
    input.parse::<Token![static]>()?;
    let mutability: StaticMutability = input.parse()?;
    let name = name(input)?;
    if !input.peek(Token![:]) {
        return Err(input.error("missing type for `static` item"));
    }
    input.parse::<Token![:]>()?;
    let ctype: Type = input.parse()?;
    rejected_type::check(&ctype)?;
    rejected_type::check_address(&ctype)?;
    let mutable = matches!(mutability, StaticMutability::Mut(_));
    Ok((name, Item::Static(Box::new(Static { mutable, ctype }))))
}
