//! Evaluates `#[cfg(..)]` and `#[cfg_attr(..)]` (the Rust reference, "Conditional compilation").

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Meta, Result, Token, parenthesized, token};

use cgo_csyntax::cfg::Cfg;

/// The inner or outer attributes in a text, with each `#[cfg_attr(..)]` expanded; `None` if a `#[cfg(..)]` does not hold.
pub(super) fn compiled(text: &str, cfgs: &[Cfg]) -> Option<Vec<Attribute>> {
    let mut output = Vec::new();
    if text.is_empty() {
        return Some(output);
    }
    let read = |input: ParseStream<'_>| match input.peek2(Token![!]) {
        true => input.call(Attribute::parse_inner),
        false => input.call(Attribute::parse_outer),
    };
    for attribute in read.parse_str(text).ok()? {
        add(attribute, cfgs, &mut output)?;
    }
    Some(output)
}

/// Recurses only into `cfg_attr`.
fn add(attribute: Attribute, cfgs: &[Cfg], output: &mut Vec<Attribute>) -> Option<()> {
    let path = attribute.path();
    match &attribute.meta {
        Meta::List(list) if path.is_ident("cfg") => {
            return holds(list.tokens.clone(), cfgs).then_some(());
        }
        Meta::List(list) if path.is_ident("cfg_attr") => {
            let read = |input: ParseStream<'_>| conditional(input, cfgs);
            for inner in read.parse2(list.tokens.clone()).unwrap_or_default() {
                add(inner, cfgs, output)?;
            }
        }
        _ => output.push(attribute),
    }
    Some(())
}

/// Whether these `#[cfg(..)]`s hold.
pub(super) fn all_hold(attributes: &[Attribute], cfgs: &[Cfg]) -> bool {
    attributes.iter().all(|attribute| match &attribute.meta {
        Meta::List(list) if attribute.path().is_ident("cfg") => holds(list.tokens.clone(), cfgs),
        _ => true,
    })
}

/// The attributes in a `cfg_attr`; none if its predicate does not hold.
fn conditional(input: ParseStream<'_>, cfgs: &[Cfg]) -> Result<Vec<Attribute>> {
    let is_compiled = predicate(input, cfgs)?;
    let mut attributes = Vec::new();
    while !input.is_empty() {
        input.parse::<Token![,]>()?;
        let mut inner = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            inner.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        if is_compiled && !inner.is_empty() {
            attributes.extend(Attribute::parse_outer.parse2(quote!(#[#inner]))?);
        }
    }
    Ok(attributes)
}

/// Whether the predicate in `cfg(..)` holds. An invalid one does not.
pub(super) fn holds(tokens: TokenStream, cfgs: &[Cfg]) -> bool {
    let read = |input: ParseStream<'_>| {
        let holds = predicate(input, cfgs)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(holds)
    };
    read.parse2(tokens).unwrap_or(false)
}

fn predicate(input: ParseStream<'_>, cfgs: &[Cfg]) -> Result<bool> {
    let name = input.call(Ident::parse_any)?.unraw().to_string();
    if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        let mut parts = Vec::new();
        while !inside.is_empty() {
            parts.push(predicate(&inside, cfgs)?);
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        return Ok(match name.as_str() {
            "all" => parts.iter().all(|holds| *holds),
            "any" => parts.contains(&true),
            "not" => parts == [false],
            _ => false,
        });
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        let value = Some(input.parse::<LitStr>()?.value());
        return Ok(cfgs
            .iter()
            .any(|cfg| cfg.name == name && cfg.value == value));
    }
    let is_set = cfgs
        .iter()
        .any(|cfg| cfg.name == name && cfg.value.is_none());
    Ok(name == "true" || is_set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    fn cfg(name: &str, value: Option<&str>) -> Cfg {
        Cfg {
            name: name.to_string(),
            value: value.map(str::to_string),
        }
    }

    #[test]
    fn conditional_attributes() {
        for (source, expected) in [
            ("#[cfg_attr(unix, a, b(c))]", Some("#[a] #[b(c)]")),
            ("#[x] #[cfg_attr(windows, a)]", Some("#[x]")),
            ("#[cfg_attr(unix, cfg_attr(all(unix), a))]", Some("#[a]")),
            ("#[cfg_attr(unix)]", Some("")),
            ("#[cfg_attr(unix, cfg(windows))]", None),
            ("#[cfg(unix)] #[a]", Some("#[a]")),
            ("#[a] #[cfg(windows)]", None),
        ] {
            let read = |source: &str| {
                let tokens = source.parse::<TokenStream>().expect("tokens");
                Attribute::parse_outer.parse2(tokens).expect("attributes")
            };
            let text = |attributes: Vec<Attribute>| {
                let texts = attributes.iter().map(|a| a.to_token_stream().to_string());
                texts.collect::<Vec<_>>()
            };
            let found = compiled(source, &[cfg("unix", None)]).map(text);
            assert_eq!(found, expected.map(read).map(text), "{source}");
        }
    }

    #[test]
    fn predicates() {
        let cfgs = [
            cfg("unix", None),
            cfg("target_os", Some("linux")),
            cfg("feature", Some("a")),
        ];
        let decide = |text: &str| holds(text.parse().expect("tokens"), &cfgs);
        for text in [
            "unix",
            "target_os = \"linux\"",
            "all(unix, feature = \"a\",)",
            "any(windows, not(test))",
            "all()",
            "true",
            "unix,",
        ] {
            assert!(decide(text), "{text}");
        }
        for text in [
            "windows",
            "feature = \"b\"",
            "not(unix)",
            "any()",
            "",
            "false",
            "target_os",
            "1",
        ] {
            assert!(!decide(text), "{text}");
        }
    }
}
