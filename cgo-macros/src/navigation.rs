//! Gives each item of a module the span of the C identifier that declares it: there an editor goes from `C::name`, and
//! there rustc's notes say "defined here".

use std::collections::HashMap;

use cgo_bindgen::Place;
use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::report::Spans;

/// The module with those spans; `declared` are its items with their places in the Rust file.
pub(crate) fn locate(
    module: TokenStream,
    declared: &[(String, Place)],
    spans: &Spans,
) -> TokenStream {
    let by_place: HashMap<(usize, usize), Span> = spans
        .tokens
        .iter()
        .map(|(place, span)| ((place.line, place.column), *span))
        .collect();
    let of_item = declared.iter().filter_map(|(name, place)| {
        let span = by_place.get(&(place.line, place.column))?;
        Some((name.as_str(), *span))
    });
    let of_item: HashMap<&str, Span> = of_item.collect();
    if of_item.is_empty() {
        return module;
    }
    locate_in(module, &of_item)
}

/// The items of the module, and those of the `extern` blocks in it: both stand in braces behind a word or a literal.
fn locate_in(items: TokenStream, of_item: &HashMap<&str, Span>) -> TokenStream {
    let mut output = Vec::new();
    let mut before = Before::Other;
    for mut tree in items {
        match &mut tree {
            TokenTree::Ident(word) => {
                let text = word.to_string();
                if let (Before::Keyword, Some(span)) = (&before, of_item.get(text.as_str())) {
                    word.set_span(*span);
                }
                before = match text.as_str() {
                    "fn" | "struct" | "union" | "type" | "const" | "static" | "mut" => {
                        Before::Keyword
                    }
                    "mod" => Before::Module,
                    _ => match before {
                        Before::Module => Before::Block,
                        _ => Before::Other,
                    },
                };
            }
            TokenTree::Literal(_) => before = Before::Block,
            TokenTree::Group(group)
                if matches!(before, Before::Block) && group.delimiter() == Delimiter::Brace =>
            {
                let inner = locate_in(group.stream(), of_item);
                tree = Group::new(Delimiter::Brace, inner).into();
                before = Before::Other;
            }
            _ => before = Before::Other,
        }
        output.push(tree);
    }
    output.into_iter().collect()
}

/// What the last token was.
enum Before {
    /// A keyword that an item's name follows.
    Keyword,
    /// `mod`.
    Module,
    /// The module's name, or the `"C"` of `extern "C"`: braces that hold items follow.
    Block,
    Other,
}
