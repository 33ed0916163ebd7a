//! Parses the Rust items before the C: the name and visibility of the module, imports, and the path to the crate `cgo`.

use cgo_driver::{Import, ModuleVisibility};

use proc_macro::{Delimiter, Span, TokenStream, TokenTree};

use super::spans::start_of;
use crate::diagnostics::MacroError;

/// The head of a call.
pub(crate) struct Head {
    pub(crate) visibility: ModuleVisibility,
    pub(crate) module: String,
    /// Each with the spans of its path segments.
    pub(crate) imports: Vec<(Import, Vec<Span>)>,
    /// The path in `crate = path;`.
    pub(crate) facade: Option<TokenStream>,
    /// How many items it has.
    pub(crate) items: usize,
    pub(crate) tokens: Vec<TokenTree>,
}

/// Reads the head items at the start of `tokens`, and gives what follows them.
pub(crate) fn read(mut tokens: Vec<TokenTree>) -> Result<(Head, Vec<TokenTree>), MacroError> {
    let mut head = Head {
        visibility: ModuleVisibility::of_crate(),
        module: "C".to_string(),
        imports: Vec::new(),
        facade: None,
        items: 0,
        tokens: Vec::new(),
    };
    let mut end = 0;
    loop {
        let rest = &tokens[end..];
        let length = if let Some((visibility, module, length)) = module(rest) {
            (head.visibility, head.module) = (visibility, module);
            length
        } else if let Some(length) = import(rest, &mut head.imports)? {
            length
        } else if let Some((path, length)) = facade(rest)? {
            head.facade = Some(path);
            length
        } else {
            let body = tokens.split_off(end);
            return Ok((Head { tokens, ..head }, body));
        };
        head.items += 1;
        end += length;
    }
}

/// `mod name;` with or without `pub` or `pub(..)`.
fn module(tokens: &[TokenTree]) -> Option<(ModuleVisibility, String, usize)> {
    let mut at = 0;
    let mut visibility = ModuleVisibility::Restricted(String::new());
    if is_word(tokens.first(), "pub") {
        visibility = ModuleVisibility::Public;
        at += 1;
        if let Some(TokenTree::Group(group)) = tokens.get(at)
            && group.delimiter() == Delimiter::Parenthesis
        {
            visibility = ModuleVisibility::Restricted(format!("pub{group}"));
            at += 1;
        }
    }
    let (true, Some(TokenTree::Ident(name)), true) = (
        is_word(tokens.get(at), "mod"),
        tokens.get(at + 1),
        is_sign(tokens.get(at + 2), ';'),
    ) else {
        return None;
    };
    Some((visibility, name.to_string(), at + 3))
}

/// `crate = path;`.
fn facade(tokens: &[TokenTree]) -> Result<Option<(TokenStream, usize)>, MacroError> {
    if !is_word(tokens.first(), "crate") || !is_sign(tokens.get(1), '=') {
        return Ok(None);
    }
    match tokens.iter().position(|token| is_sign(Some(token), ';')) {
        Some(end) => Ok(Some((tokens[2..end].iter().cloned().collect(), end + 1))),
        None => Err(MacroError {
            message: "missing `;` after `crate = path`".to_string(),
            span: tokens[0].span(),
        }),
    }
}

/// `use path::{names};`.
fn import(
    tokens: &[TokenTree],
    imports: &mut Vec<(Import, Vec<Span>)>,
) -> Result<Option<usize>, MacroError> {
    if !is_word(tokens.first(), "use") {
        return Ok(None);
    }
    let Some(end) = tokens.iter().position(|token| is_sign(Some(token), ';')) else {
        return Err(MacroError {
            message: "missing `;` after `use`".to_string(),
            span: tokens[0].span(),
        });
    };
    let start = (String::new(), Vec::new());
    tree(&tokens[1..end], start, tokens[0].span(), imports)?;
    Ok(Some(end + 1))
}

fn tree(
    tokens: &[TokenTree],
    (mut path, mut places): (String, Vec<Span>),
    span: Span,
    imports: &mut Vec<(Import, Vec<Span>)>,
) -> Result<(), MacroError> {
    let reject = |span| {
        MacroError { message: "this `use` cannot stand in a preamble\nhelp: write `use path::name;`, `use path::name as other;` or `use path::{name, name};` with names of C types".to_string(), span }
    };
    let mut last = String::new();
    let mut rest = tokens.iter();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(word) if word.to_string() == "as" => {
                let Some(TokenTree::Ident(name)) = rest.next() else {
                    return Err(reject(token.span()));
                };
                last = name.to_string();
                places.push(name.span());
                path.push_str(&format!(" as {last}"));
            }
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                // The path is used in the module, one level below the call.
                match (path.is_empty(), word.as_str()) {
                    (true, "self") => path.push_str("super"),
                    (true, "super") => {
                        path.push_str("super::super");
                        places.push(ident.span());
                    }
                    _ => path.push_str(&word),
                }
                last = word;
                places.push(ident.span());
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' => path.push(':'),
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace && path.ends_with("::") =>
            {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner
                    .split(|token| is_sign(Some(token), ','))
                    .filter(|part| !part.is_empty())
                {
                    tree(part, (path.clone(), places.clone()), group.span(), imports)?;
                }
                return Ok(());
            }
            other => return Err(reject(other.span())),
        }
    }
    if last.is_empty() {
        return Err(reject(span));
    }
    let name = last.trim_start_matches("r#").to_string();
    let place = start_of(places.last().copied().unwrap_or(span));
    imports.push((Import { path, name, place }, places));
    Ok(())
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(found)) if found.to_string() == word)
}

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
}
