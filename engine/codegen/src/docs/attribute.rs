//! Writes the documentation of an item: the comment about its declaration, a remark of ours, and the declaration in C.

use std::fmt::Write;
use std::path::Path;
use std::rc::Rc;

use cgo_csyntax::declarations::names::{NameKind, TokenRange};
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::context::Context;
use crate::docs::comment::{self, Behind};
use crate::docs::{declaration, markdown};

/// The item's `#[doc = ".."]`, on a line of its own.
pub(crate) fn of_item(context: &Context<'_>, item: &BoundItem, remark: &str) -> String {
    let mut text = comment_about(context, item);
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    if !remark.is_empty() {
        let _ = write!(text, "{remark}\n\n");
    }
    text.push_str(&markdown::fenced("c", &declaration_of(context, item)));
    format!("#[doc = {text:?}]\n")
}

/// The documentation of an enumerator where it belongs to its type in Rust: its comment, or its name in C. The comment above
/// `enum { ONE, TWO };` is the type's.
pub(crate) fn of_enumerator(context: &Context<'_>, enumerator: &str) -> String {
    let names = context.input.names;
    let declared = names.ordinary(enumerator).map(|name| BoundItem {
        name: enumerator.to_string(),
        kind: ItemKind::Enumerator,
        target: enumerator.to_string(),
        place: name.place,
        declaration: Some(name.declaration),
    });
    let comment = declared.filter(|item| begins_its_line(context, item));
    let comment = comment.map(|item| comment_about(context, &item));
    let text = comment.filter(|comment| !comment.is_empty());
    let text = text.unwrap_or_else(|| format!("C's `{enumerator}`."));
    format!("#[doc = {text:?}]")
}

fn begins_its_line(context: &Context<'_>, item: &BoundItem) -> bool {
    let lines = lines_of_file(context, item);
    let line = lines.get((item.place.line as usize).wrapping_sub(1));
    line.is_some_and(|line| line.trim_start().starts_with(&item.name))
}

/// The declaration on one line; of a macro, its definition.
fn declaration_of(context: &Context<'_>, item: &BoundItem) -> String {
    let names = context.input.names;
    let text = match item.declaration {
        Some(declaration) => long_enumeration(context, item, declaration)
            .unwrap_or_else(|| declaration::tidy(names.text(declaration))),
        None => {
            let definition = names.macros.get(item.name.as_str());
            let body = definition.map_or("", |definition| definition.body);
            declaration::tidy(&format!("{} {body}", item.name)).replacen("", "#define ", 1)
        }
    };
    let words = text.split(' ').filter(|word| *word != "__extension__");
    without_folders(context, words.collect::<Vec<_>>().join(" "))
}

/// `enum color { ..., RED = 1, ... }` for an enumerator among many: each would repeat them all.
fn long_enumeration(
    context: &Context<'_>,
    item: &BoundItem,
    declaration: TokenRange,
) -> Option<String> {
    const LONGEST: usize = 300;
    let names = context.input.names;
    if item.kind != ItemKind::Enumerator || names.text(declaration).len() <= LONGEST {
        return None;
    }
    let NameKind::Enumerator { owner, own } = names.ordinary(&item.name)?.kind else {
        return None;
    };
    let tag = owner.map(|owner| &names.list[owner]);
    let tag = tag.filter(|owner| matches!(owner.kind, NameKind::Tag { .. }));
    let tag = tag.map_or(String::new(), |tag| format!("{} ", tag.name));
    let enumerator = declaration::tidy(names.text(own));
    Some(format!("enum {tag}{{ ..., {enumerator}, ... }}"))
}

/// `__FILE__` is expanded in the text. The folders of the machine that compiles it are no part of the documentation.
fn without_folders(context: &Context<'_>, mut text: String) -> String {
    if !text.contains('"') {
        return text;
    }
    for file in &context.input.names.files {
        let path = Path::new(&file.path);
        // clang puts `./` before a file of the folder that it runs in.
        let has_folder = path.is_absolute() || path.starts_with(".");
        if let (true, Some(name)) = (has_folder, path.file_name()) {
            let (path, name) = (format!("\"{}\"", file.path), name.to_string_lossy());
            text = text.replace(&path, &format!("\"{name}\""));
        }
    }
    text
}

/// The lines of the file that declares the item.
fn lines_of_file(context: &Context<'_>, item: &BoundItem) -> Rc<[String]> {
    let file = context.input.names.files.get(item.place.file as usize);
    (context.input.lines_of)(file.map_or("", |file| &file.path))
}

/// The comments above the declaration and behind the name.
fn comment_about(context: &Context<'_>, item: &BoundItem) -> String {
    let names = context.input.names;
    let lines = lines_of_file(context, item);
    let above = comment::above(&lines, declaration::first_line(names, item));
    let is_macro = item.declaration.is_none();
    let which = match is_macro || matches!(item.kind, ItemKind::Enumerator) {
        true => Behind::Any,
        false => Behind::Marked,
    };
    let behind = comment::behind(&lines, item.place.line as usize, &item.name, which);
    comment::join(above, behind)
}
