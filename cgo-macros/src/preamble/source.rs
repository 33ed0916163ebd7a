//! Finds the C text of a call as the user wrote it, and the place of every token in it.

use std::fs;
use std::path::{Path, PathBuf};

use cgo_driver::rust_scan::text::literal as rust_literal;
use cgo_driver::{Place, Preamble};

use proc_macro::{Delimiter, Literal, Spacing, Span, TokenStream, TokenTree};

use super::comments;
use super::editor::search;
use super::editor::splice::{Written, splice};
use super::head::{self, Head};
use super::spans::{Spans, start_of};
use crate::diagnostics::MacroError;

/// Reads a call of `c_preamble!`.
pub(crate) fn read(input: TokenStream, is_editor: bool) -> Result<Call, MacroError> {
    let call = Span::call_site();
    let (mut head, body) = head::read(input.into_iter().collect())?;
    let facade = head.facade.take();
    let imported = head.imports.iter();
    let imported = imported
        .map(|(import, places)| (import.name.clone(), places.clone()))
        .collect();
    let body = without_a_fragment(body);
    let first = body.first().map(TokenTree::span);
    let (preamble, spans) = match &body[..] {
        [] => comments_form(head, call, is_editor)?,
        [TokenTree::Literal(text), rest @ ..] if is_string(text, rest) => {
            string(head, &body, &text.to_string(), call, is_editor)
        }
        _ => tokens_form(head, &body, call, is_editor)?,
    };
    Ok(Call {
        preamble,
        spans: Spans {
            imported,
            first,
            ..spans
        },
        facade,
    })
}

/// A call as it was written.
pub(crate) struct Call {
    pub(crate) preamble: Preamble,
    pub(crate) spans: Spans,
    /// Where the crate has the crate `cgo`, if the call says so.
    pub(crate) facade: Option<TokenStream>,
}

/// What a macro's `$text:literal` stands for comes in a group without brackets.
fn without_a_fragment(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    match tokens.first() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            let inner = group.stream().into_iter();
            inner.chain(tokens.into_iter().skip(1)).collect()
        }
        _ => tokens,
    }
}

/// One string, with the comma behind it that rustfmt likes to add.
fn is_string(literal: &Literal, rest: &[TokenTree]) -> bool {
    let comma = matches!(rest, [] | [TokenTree::Punct(_)])
        && rest.iter().all(|sign| sign.to_string() == ",");
    comma && rust_literal::value(&literal.to_string()).is_some()
}

fn preamble(head: Head, text: String, start: Place, file: PathBuf) -> Preamble {
    Preamble {
        text,
        start,
        file,
        visibility: head.visibility,
        module: head.module,
        imports: head.imports.into_iter().map(|(import, _)| import).collect(),
        repetition: 0,
    }
}

/// The Rust file, absolute: rustc's own path is relative to the folder it runs in.
fn file_of(span: Span) -> Option<PathBuf> {
    let file = span.local_file()?;
    let folder = std::env::current_dir().unwrap_or_default();
    Some(folder.join(file))
}

/// Where the compiler does not tell the file, the crate's folder stands for that of the file.
fn file_or_crate(span: Span) -> PathBuf {
    file_of(span).unwrap_or_else(|| {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        let (package, sources) = (Path::new(&package), Path::new(&package).join("src"));
        match sources.is_dir() {
            true => sources.join("preamble.rs"),
            false => package.join("preamble.rs"),
        }
    })
}

fn string(
    head: Head,
    body: &[TokenTree],
    literal: &str,
    call: Span,
    is_editor: bool,
) -> (Preamble, Spans) {
    let span = body[0].span();
    let text = rust_literal::value(literal).unwrap_or_default();
    let found = match is_editor || call.local_file().is_none() {
        true => find_in_sources(&leaves(body).iter().collect::<Vec<_>>(), &head, is_editor),
        false => None,
    };
    let placed = found.and_then(|found| {
        let place = search::places(&found.text, found.start, &[literal])?;
        Some((*place.first()?, found.file))
    });
    let (mut start, file) = placed.unwrap_or_else(|| (start_of(span), file_or_crate(span)));
    start.column += rust_literal::raw_prefix(literal).unwrap_or(1);
    let spans = Spans::of(span, Vec::new());
    (preamble(head, text, start, file), spans)
}

/// Comments, or nothing at all: rustc drops comments before a macro sees its tokens, so the file is asked.
fn comments_form(head: Head, call: Span, is_editor: bool) -> Result<(Preamble, Spans), MacroError> {
    let in_call = || comments::body(&call.source_text()?, start_of(call), head.items);
    let written = match is_editor {
        true => None,
        false => in_call().map(|(body, start)| (body, start, file_or_crate(call))),
    };
    let found = || {
        let found = find_in_sources(&[], &head, is_editor)?;
        Some((found.text, found.start, found.file))
    };
    let Some((body, start, file)) = written.or_else(found) else {
        return Err(MacroError {
            message: "the C of this call cannot be read\n\
                help: close the quote or bracket that is open; if the C is a comment, save the file, or write a raw string: `c_preamble!(r#\"..\"#)`".to_string(),
            span: call,
        });
    };
    let text = comments::uncommented(&body, head.items);
    let spans = Spans::of(call, Vec::new());
    Ok((preamble(head, text, start, file), spans))
}

/// Searches the crate's sources for the call's tokens: an editor's server does not tell places. If the tokens are found nowhere, the call is
/// not saved yet. C in a comment has no tokens: it is found by its head, as it is saved.
fn find_in_sources(body: &[&Leaf], head: &Head, is_editor: bool) -> Option<search::FoundCall> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&folder);
    let of_head = leaves(&head.tokens);
    let tokens: Vec<Written> = of_head
        .iter()
        .chain(body.iter().copied())
        .map(Leaf::written)
        .collect();
    let saved = search::find(folder, &tokens, head.items);
    if saved.is_some() || !is_editor || body.is_empty() {
        return saved;
    }
    search::find_edited(folder, &tokens, head.items).or_else(|| {
        let first = body.first()?.span;
        Some(search::FoundCall {
            file: file_or_crate(first),
            text: splice("", &tokens[of_head.len()..]),
            start: start_of(first),
        })
    })
}

/// Every token that is no group, and the brackets of the groups.
fn leaves(tokens: &[TokenTree]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    add_leaves(tokens, &mut leaves);
    leaves.retain(|leaf| !leaf.text.is_empty());
    leaves
}

fn add_leaves(tokens: &[TokenTree], into: &mut Vec<Leaf>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let stream: Vec<TokenTree> = group.stream().into_iter().collect();
                let (open, close) = match group.delimiter() {
                    Delimiter::None => ("", ""),
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                };
                into.push(Leaf {
                    text: open.to_string(),
                    span: group.span_open(),
                    joint: false,
                });
                add_leaves(&stream, into);
                into.push(Leaf {
                    text: close.to_string(),
                    span: group.span_close(),
                    joint: false,
                });
            }
            TokenTree::Punct(sign) => {
                into.push(Leaf {
                    text: sign.to_string(),
                    span: sign.span(),
                    joint: sign.spacing() == Spacing::Joint,
                });
            }
            other => into.push(Leaf {
                text: other.to_string(),
                span: other.span(),
                joint: false,
            }),
        }
    }
}

/// The tokens that stand in the file: a comment `/** .. */` came as the tokens `#[doc = ".."]`, which do not.
fn without_doc_comments(leaves: &[Leaf]) -> Vec<&Leaf> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < leaves.len() {
        let word = |ahead: usize| leaves.get(at + ahead).map_or("", |leaf| leaf.text.as_str());
        if word(0) == "#" && word(1) == "[" && word(2) == "doc" && word(3) == "=" {
            at += 6;
        } else {
            kept.push(&leaves[at]);
            at += 1;
        }
    }
    kept
}

struct Leaf {
    text: String,
    span: Span,
    joint: bool,
}

impl Leaf {
    fn written(&self) -> Written<'_> {
        Written {
            text: &self.text,
            joint: self.joint,
        }
    }
}

fn tokens_form(
    head: Head,
    body: &[TokenTree],
    call: Span,
    is_editor: bool,
) -> Result<(Preamble, Spans), MacroError> {
    let all = leaves(body);
    let first = all.first().map_or(call, |leaf| leaf.span);
    let written = without_doc_comments(&all);
    if (is_editor || call.local_file().is_none())
        && let Some(found) = find_in_sources(&written, &head, is_editor)
    {
        let tokens = placed(&found.text, found.start, &written).unwrap_or_default();
        let preamble = preamble(head, found.text, found.start, found.file);
        return Ok((preamble, Spans::of(call, tokens)));
    }
    let file = file_of(first);
    let last = all.last().map(|leaf| leaf.span);
    let last = last.filter(|last| first.file() == last.file());
    let whole = match (&file, last) {
        (Some(file), Some(last)) => in_file(file, start_of(first), end_of(last)),
        _ => None,
    };
    // rustc goes through a token's whole line for its place: where the text tells it, nobody is asked.
    if let (Some(file), Some(text)) = (&file, &whole)
        && let Some(tokens) = placed(text, start_of(first), &written)
    {
        let preamble = preamble(head, text.clone(), start_of(first), file.clone());
        return Ok((preamble, Spans::of(call, tokens)));
    }
    if let (Some(file), Some(last)) = (&file, last)
        && let Some(text) = in_call(call, start_of(first), end_of(last))
        && let Some(tokens) = placed(&text, start_of(first), &written)
    {
        let preamble = preamble(head, text, start_of(first), file.clone());
        return Ok((preamble, Spans::of(call, tokens)));
    }
    let tokens = all
        .iter()
        .map(|leaf| (start_of(leaf.span), leaf.span))
        .collect();
    let spans = Spans::of(call, tokens);
    let file = file.unwrap_or_else(|| file_or_crate(call));
    let place = |leaf: &Leaf| (start_of(leaf.span).line, start_of(leaf.span).column);
    let at_call = (start_of(call).line, start_of(call).column);
    // What another procedural macro made has the place of that macro's own call.
    let in_order = all
        .windows(2)
        .all(|pair| place(&pair[0]) <= place(&pair[1]))
        && all.iter().all(|leaf| place(leaf) != at_call);
    let one_file = all.iter().all(|leaf| leaf.span.file() == first.file());
    // A macro put the tokens together, or there is no file: the tokens themselves are the text.
    let (text, start) = match whole.filter(|_| in_order && one_file) {
        Some(text) => (text, start_of(first)),
        None => (rebuild(&all, call), first_of_body(&all, call)),
    };
    Ok((preamble(head, text, start, file), spans))
}

/// The tokens with their places, if the text consists of them.
fn placed(text: &str, start: Place, tokens: &[&Leaf]) -> Option<Vec<(Place, Span)>> {
    let texts: Vec<&str> = tokens.iter().map(|leaf| leaf.text.as_str()).collect();
    let places = search::places(text, start, &texts)?.into_iter();
    Some(places.zip(tokens.iter().map(|leaf| leaf.span)).collect())
}

/// Where the first token of the macro's own body stands: text that was put together starts on its line.
fn first_of_body(leaves: &[Leaf], call: Span) -> Place {
    let lines = start_of(call).line..=end_of(call).line;
    let inside =
        |leaf: &&Leaf| leaf.span.file() == call.file() && lines.contains(&start_of(leaf.span).line);
    let line = leaves
        .iter()
        .find(inside)
        .map_or(start_of(call).line, |leaf| start_of(leaf.span).line);
    Place { line, column: 1 }
}

fn end_of(span: Span) -> Place {
    Place {
        line: span.end().line(),
        column: span.end().column(),
    }
}

/// The file's own text between two places, with its comments and spaces.
fn in_file(file: &Path, start: Place, end: Place) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    // rustc counts from behind the mark.
    slice(text.strip_prefix('\u{feff}').unwrap_or(&text), start, end)
}

/// The call's own text between two places. In an example of the documentation the file has other text at these places: rustdoc
/// compiles a text of its own, and counts the lines of the comment.
fn in_call(call: Span, start: Place, end: Place) -> Option<String> {
    let from = start_of(call);
    let within = |place: Place| {
        let line = place.line.checked_sub(from.line)? + 1;
        let column = match line {
            1 => place.column.checked_sub(from.column)? + 1,
            _ => place.column,
        };
        Some(Place { line, column })
    };
    slice(&call.source_text()?, within(start)?, within(end)?)
}

/// The text between two places of it.
fn slice(text: &str, start: Place, end: Place) -> Option<String> {
    let offset = |place: Place| {
        let line_start = match place.line {
            1 => 0,
            line => text.match_indices('\n').nth(line - 2)?.0 + 1,
        };
        let line = &text[line_start..];
        Some(
            line_start
                + line
                    .char_indices()
                    .nth(place.column - 1)
                    .map_or(line.len(), |(at, _)| at),
        )
    };
    text.get(offset(start)?..offset(end)?).map(str::to_string)
}

/// The tokens as text, each on its line of the call. What a macro put in from elsewhere stays on the line of what is
/// before it, so that a directive is not torn apart.
fn rebuild(leaves: &[Leaf], call: Span) -> String {
    let body = (call.file(), start_of(call).line..=end_of(call).line);
    let line_of = |leaf: &Leaf| {
        let line = start_of(leaf.span).line;
        (leaf.span.file() == body.0 && body.1.contains(&line)).then_some(line)
    };
    let mut line = leaves.iter().find_map(line_of).unwrap_or(1);
    let mut text = String::new();
    let mut previous: Option<&Leaf> = None;
    for leaf in leaves {
        let here = line_of(leaf).unwrap_or(line);
        if here > line {
            text.push_str(&"\n".repeat(here - line));
            line = here;
        } else if let Some(previous) = previous {
            let touching = end_of(previous.span).line == start_of(leaf.span).line
                && end_of(previous.span).column == start_of(leaf.span).column;
            if !touching && !previous.joint {
                text.push(' ');
            }
        }
        text.push_str(&leaf.text);
        previous = Some(leaf);
    }
    text
}
