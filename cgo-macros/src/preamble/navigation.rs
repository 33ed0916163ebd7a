//! Gives each item of a module the span of the C identifier that declares it: there an editor goes from `C::name`, and
//! there rustc's notes say "defined here".

use std::collections::HashMap;

use cgo_driver::DeclaredItem;

use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

use super::spans::Spans;
use crate::diagnostics::located;

/// The module with those spans; `declared` are its items with their places in the Rust file.
pub(crate) fn locate(
    module: TokenStream,
    declared: &[DeclaredItem],
    spans: &Spans,
    is_editor: bool,
) -> TokenStream {
    let by_place: HashMap<(usize, usize), Span> = spans
        .tokens
        .iter()
        .map(|(place, span)| ((place.line, place.column), *span))
        .collect();
    let of_item = declared.iter().filter_map(|DeclaredItem { name, place }| {
        let span = by_place.get(&(place.line, place.column))?;
        Some((name.as_str(), *span))
    });
    let of_item: HashMap<&str, Span> = of_item.collect();
    if of_item.is_empty() && spans.imported.is_empty() {
        return module;
    }
    locate_in(module, &of_item, &spans.imported, is_editor)
}

/// The items of the module, and those of the `extern` blocks in it: both stand in braces behind a word or a literal.
fn locate_in(
    items: TokenStream,
    of_item: &HashMap<&str, Span>,
    imported: &HashMap<String, Vec<Span>>,
    is_editor: bool,
) -> TokenStream {
    let mut output = Vec::new();
    // Where the last statement that ends in a semicolon started, at the latest.
    let mut statement = 0;
    let mut before = Before::Other;
    for mut tree in items {
        match &mut tree {
            TokenTree::Ident(word) => {
                let text = word.to_string();
                // rustc's note about what is not bound shows the bound on the placeholder.
                let placeholder = text.strip_prefix("_cgo_bound_");
                let names_item = matches!(before, Before::Keyword) || placeholder.is_some();
                let span = of_item
                    .get(placeholder.unwrap_or(&text))
                    .filter(|_| names_item);
                if let Some(span) = span {
                    word.set_span(*span);
                    locate_condition(&mut output, *span);
                }
                before = match text.as_str() {
                    "fn" | "struct" | "union" | "type" | "const" | "static" | "mut" => {
                        Before::Keyword
                    }
                    "mod" => Before::Module,
                    _ => match (&before, span) {
                        (Before::Module, _) => Before::Block,
                        (Before::Keyword, Some(span)) if is_editor => Before::Parts(span.start()),
                        _ => Before::Other,
                    },
                };
            }
            TokenTree::Literal(_) => before = Before::Block,
            TokenTree::Group(group) => {
                if let Before::Parts(place) = before {
                    replace(group, located(group.stream(), place), place);
                }
                if group.delimiter() == Delimiter::Brace {
                    if let Before::Block = before {
                        let inner = locate_in(group.stream(), of_item, imported, is_editor);
                        replace(group, inner, group.span());
                    }
                    statement = output.len() + 1;
                }
                before = Before::Other;
            }
            TokenTree::Punct(sign) => {
                before = Before::Other;
                if sign.as_char() == ';' {
                    locate_imported(&mut output[statement..], imported);
                    statement = output.len() + 1;
                }
            }
        }
        output.push(tree);
    }
    output.into_iter().collect()
}

/// The condition of a constant that is not bound, which rustc's note shows. The name comes next.
fn locate_condition(before: &mut [TokenTree], place: Span) {
    let [
        ..,
        TokenTree::Group(attribute),
        TokenTree::Ident(_),
        TokenTree::Ident(_),
    ] = before
    else {
        return;
    };
    let first = attribute.stream().into_iter().next();
    if first.is_some_and(|word| word.to_string() == "cfg") {
        replace(attribute, located(attribute.stream(), place), place);
    }
}

fn replace(group: &mut Group, inner: TokenStream, span: Span) {
    *group = Group::new(group.delimiter(), inner);
    group.set_span(span);
}

/// A statement about an imported type: `pub use path::name`, or `const _: () = ::cgo::generated::imported::check_imported::<name>(..)`.
fn locate_imported(statement: &mut [TokenTree], imported: &HashMap<String, Vec<Span>>) {
    if imported.is_empty() {
        return;
    }
    let is_word = |tree: &TokenTree, text: &str| matches!(tree, TokenTree::Ident(word) if word.to_string() == text);
    let is_value =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(sign) if sign.as_char() == '=');
    let is_check = statement.iter().any(|tree| is_word(tree, "check_imported"));
    let before = statement
        .iter()
        .position(|tree| is_word(tree, "use") || (is_check && is_value(tree)));
    let Some(before) = before else {
        return;
    };
    let code = &mut statement[before + 1..];
    let is_name =
        |tree: &&mut TokenTree| matches!(tree, TokenTree::Ident(_)) && !is_word(tree, "as");
    let name = code.iter_mut().rfind(is_name).map(|name| name.to_string());
    let name = name.as_deref().unwrap_or_default();
    let Some(places) = imported.get(name.trim_start_matches("r#")) else {
        return;
    };
    // It is code of the macro's still: rustc has no proposals for it.
    let locate = |tree: &mut TokenTree, span: &Span| tree.set_span(tree.span().located_at(*span));
    match places.last() {
        Some(place) if is_check => code.iter_mut().for_each(|tree| locate(tree, place)),
        _ => {
            let names = code.iter_mut().filter(is_name);
            names
                .zip(places)
                .for_each(|(name, place)| locate(name, place));
        }
    }
}

/// What the last token was.
enum Before {
    /// A keyword that an item's name follows.
    Keyword,
    /// `mod`.
    Module,
    /// An item's name, in an editor: its fields or parameters follow, which have no places of their own.
    Parts(Span),
    /// The module's name, or the `"C"` of `extern "C"`: braces that hold items follow.
    Block,
    Other,
}
