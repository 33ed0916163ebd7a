//! Finds the path to the crate `cgo` from the user's crate, and puts it into generated code.

use std::str::FromStr;

use cgo_driver::{Facade, Session};

use proc_macro::{Group, Span, TokenStream, TokenTree};

use crate::diagnostics::{MacroError, located};

/// The path that was written, or the name of the dependency. If there is neither, the error says `how` to write the path.
pub(crate) fn find(
    written: Option<TokenStream>,
    session: &Session,
    how: &str,
) -> Result<TokenStream, MacroError> {
    if let Some(path) = written {
        return absolute(path);
    }
    let refuse = |reason: &str| {
        Err(MacroError {
            message: format!("{reason}\nhelp: write the path to it: {how}"),
            span: Span::call_site(),
        })
    };
    let name = match &session.facade {
        Facade::Unknown => "cgo",
        Facade::Named(name) => name,
        Facade::Missing => return refuse("the crate `cgo` is not a dependency of this crate"),
        Facade::Ambiguous => {
            return refuse("several dependencies of this crate have a library called `cgo`");
        }
    };
    let path = TokenStream::from_str(&format!("::{name}")).unwrap_or_default();
    Ok(located(path, Span::call_site()))
}

/// The path as it can be used anywhere in the crate: the code of a preamble is a module.
fn absolute(path: TokenStream) -> Result<TokenStream, MacroError> {
    let refuse = |message: &str, span| {
        Err(MacroError {
            message: message.to_string(),
            span,
        })
    };
    let first = path.clone().into_iter().next();
    let span = first.as_ref().map_or_else(Span::call_site, TokenTree::span);
    let is_path = path.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(sign) => sign.as_char() == ':',
        _ => false,
    });
    match first.map(|first| first.to_string()).as_deref() {
        Some("self" | "super") => refuse(
            "the path to `cgo` cannot begin with `self` or `super`\nhelp: begin it with `crate` or with the name of a dependency",
            span,
        ),
        Some("crate" | "$crate" | ":") if is_path => Ok(path),
        Some(_) if is_path => {
            let colons = TokenStream::from_str("::").unwrap_or_default();
            let mut absolute = located(colons, span);
            absolute.extend(path);
            Ok(absolute)
        }
        _ => refuse(
            "expected a path\nhelp: write one such as `other_crate::cgo`",
            span,
        ),
    }
}

/// Code of the engine with this path for `::cgo`.
///
/// The engine does not write the path itself, because it is made of tokens: an error in the path is shown where the user wrote it. It
/// also keeps the path out of modules that are stored or checked in. An alias for it in the module would be one more name among those
/// of C, and what `#[export_c]` compares stands outside of the module.
pub(crate) fn renamed(code: TokenStream, facade: &TokenStream) -> TokenStream {
    if facade.to_string().replace(' ', "") == "::cgo" {
        return code;
    }
    let mut output: Vec<TokenTree> = Vec::new();
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream(), facade));
                inner.set_span(group.span());
                output.push(inner.into());
            }
            TokenTree::Ident(name) if name.to_string() == "cgo" && ends_absolute(&output) => {
                output.truncate(output.len() - 2);
                output.extend(facade.clone());
            }
            other => output.push(other),
        }
    }
    output.into_iter().collect()
}

/// Whether `::` stands at the end, and no name before it.
fn ends_absolute(tokens: &[TokenTree]) -> bool {
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ':');
    match tokens {
        [before @ .., first, second] if is_colon(first) && is_colon(second) => {
            !matches!(before.last(), Some(TokenTree::Ident(name)) if !is_keyword(&name.to_string()))
        }
        _ => false,
    }
}

/// Whether it is a keyword that may stand before a path.
fn is_keyword(word: &str) -> bool {
    let keywords = [
        "as", "const", "dyn", "else", "for", "if", "impl", "in", "match", "mut", "return",
        "unsafe", "use", "where",
    ];
    keywords.contains(&word)
}
