//! Writes the documentation of an item: the comment above its declaration, a remark of ours, and the declaration in C.

use std::fmt::Write;

use cgo_csyntax::selection::Item;

use crate::context::Context;
use crate::docs::{comment, declaration};

/// The item's `#[doc = ".."]`, on a line of its own.
pub(crate) fn of_item(context: &Context<'_>, item: &Item, remark: &str) -> String {
    let mut text = comment_above(context, item);
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    if !remark.is_empty() {
        let _ = write!(text, "{remark}\n\n");
    }
    text.push_str(&comment::fenced("c", &declaration_of(context, item)));
    format!("#[doc = {text:?}]\n")
}

/// The declaration on one line; of a macro, its definition.
fn declaration_of(context: &Context<'_>, item: &Item) -> String {
    let names = context.input.names;
    let text = match item.declaration {
        Some(declaration) => declaration::tidy(names.text(declaration)),
        None => {
            let definition = names.macros.get(item.name.as_str());
            let body = definition.map_or("", |definition| definition.body);
            declaration::tidy(&format!("{} {body}", item.name)).replacen("", "#define ", 1)
        }
    };
    let words = text.split(' ').filter(|word| *word != "__extension__");
    words.collect::<Vec<_>>().join(" ")
}

fn comment_above(context: &Context<'_>, item: &Item) -> String {
    let names = context.input.names;
    let file = names.files.get(item.place.file as usize);
    let lines = (context.input.lines_of)(file.map_or("", |file| &file.path));
    comment::above(&lines, declaration::first_line(names, item))
}
