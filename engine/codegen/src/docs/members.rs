//! Finds the comments about the members of records.

use cgo_csyntax::brackets::group_end;
use cgo_csyntax::declarations::keywords::{is_attribute, is_qualifier, is_type_word};
use cgo_csyntax::lexer::{SourceLine, Token, TokenKind};

use crate::context::Context;
use crate::docs::comment::{self, Behind};
use crate::model::types::{Body, TypeId};

/// In a longer declaration no comments are looked for: every record without a name inside of it would read all of it again.
const MOST_TOKENS: usize = 10_000;

/// The declarator of a member.
#[derive(Clone, Copy)]
struct Declarator<'t> {
    name: Token<'t>,
    /// Where the declaration starts, or the declarator if it is not the first one.
    start: SourceLine,
}

/// What is known of an open pair of braces.
struct Braces<'t> {
    /// Where the opening brace stands.
    open: SourceLine,
    declarators: Vec<Declarator<'t>>,
    /// The last word that may be the name of the current declarator.
    name: Option<Token<'t>>,
    start: Option<SourceLine>,
    /// Behind the name.
    is_named: bool,
}

/// The comment about each member, as Markdown; empty where there is none.
pub(crate) fn of_record(context: &Context<'_>, id: TypeId, body: &Body) -> Vec<String> {
    let mut comments = vec![String::new(); body.members.len()];
    let declaration = context.record_declarations.get(id.0 as usize).copied();
    let Some(declaration) = declaration.flatten().filter(|it| it.len() <= MOST_TOKENS) else {
        return comments;
    };
    let Some((open, declarators)) = braces_of(body, records(declaration)) else {
        return comments;
    };
    let mut declarators = declarators.into_iter();
    for (member, comment) in body.members.iter().zip(&mut comments) {
        let Some(name) = &member.name else { continue };
        if let Some(declarator) = declarators.find(|it| it.name.text == name) {
            *comment = of_declarator(context, open, declarator);
        }
    }
    comments
}

fn of_declarator(context: &Context<'_>, open: SourceLine, declarator: Declarator<'_>) -> String {
    let (name, start) = (declarator.name, declarator.start);
    let file = context.input.names.files.get(name.place.file as usize);
    let lines = (context.input.lines_of)(file.map_or("", |file| &file.path));
    let line = name.place.line as usize;
    let behind = comment::behind(&lines, line, name.text, Behind::Any);
    // What stands above a member on the line of the brace is about the record.
    let has_lines = start.file == name.place.file && start.line != open.line;
    let above = match has_lines && comment::has_word(&lines, line, name.text) {
        true => comment::above(&lines, start.line as usize),
        false => String::new(),
    };
    comment::join(above, behind)
}

/// The braces that declare these members; `None` if there are none, or several.
fn braces_of<'t>(
    body: &Body,
    records: Vec<(SourceLine, Vec<Declarator<'t>>)>,
) -> Option<(SourceLine, Vec<Declarator<'t>>)> {
    let names = || {
        body.members
            .iter()
            .filter_map(|member| member.name.as_deref())
    };
    names().next()?;
    let declares = |(_, declarators): &(SourceLine, Vec<Declarator<'t>>)| {
        // A bit-field without a name looks like one with the name of its type.
        let mut declared = declarators.iter();
        names().all(|name| declared.any(|declarator| declarator.name.text == name))
    };
    let mut found = records.into_iter().filter(declares);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The declarators in each pair of braces, with the place of the opening one.
fn records<'t>(declaration: &[Token<'t>]) -> Vec<(SourceLine, Vec<Declarator<'t>>)> {
    let (mut found, mut open) = (Vec::new(), Vec::<Braces<'t>>::new());
    let mut at = 0;
    while let Some(token) = declaration.get(at) {
        at += 1;
        if token.is(b'{') {
            open.push(Braces::new(token.place));
        } else if token.is(b'}') {
            if let Some(closed) = open.pop() {
                found.push((closed.open, closed.declarators));
            }
            // The words before the braces are no name of a member.
            if let Some(outer) = open.last_mut() {
                outer.name = None;
            }
        } else if let Some(braces) = open.last_mut() {
            at = braces.read(declaration, at - 1);
        }
    }
    found
}

impl<'t> Braces<'t> {
    fn new(open: SourceLine) -> Braces<'t> {
        Braces {
            open,
            declarators: Vec::new(),
            name: None,
            start: None,
            is_named: false,
        }
    }

    /// Reads the token at this index, which is not a brace, and returns the index behind what was read.
    fn read(&mut self, tokens: &[Token<'t>], at: usize) -> usize {
        let token = tokens[at];
        match token.kind {
            TokenKind::Punctuation(b';' | b',') => {
                self.end_declarator();
                return at + 1;
            }
            TokenKind::Punctuation(b':' | b')') => self.is_named = true,
            TokenKind::Punctuation(b'[') => {
                // Else it is an attribute.
                self.is_named = self.name.is_some();
                self.start = self.start.or(Some(token.place));
                return group_end(tokens, at);
            }
            TokenKind::Punctuation(b'(') => {
                let is_declarator = tokens
                    .get(at + 1)
                    .is_some_and(|next| next.is(b'*') || next.is(b'^'));
                if !is_declarator {
                    return group_end(tokens, at);
                }
            }
            TokenKind::Word if is_attribute(token.text) => return group_end(tokens, at + 1),
            TokenKind::Word if !self.is_named => {
                let is_name = !is_type_word(token.text) && !is_qualifier(token.text);
                self.name = is_name.then_some(token).or(self.name);
            }
            _ => {}
        }
        self.start = self.start.or(Some(token.place));
        at + 1
    }

    fn end_declarator(&mut self) {
        if let (Some(name), Some(start)) = (self.name.take(), self.start.take()) {
            self.declarators.push(Declarator { name, start });
        }
        (self.start, self.is_named) = (None, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cgo_csyntax::lexer::tokens;

    /// The names of the declarators in each pair of braces, inner pairs first.
    fn names(declaration: &str) -> Vec<String> {
        let records = records(&tokens(declaration));
        let names = records.iter().map(|(_, declarators)| {
            let names = declarators.iter().map(|declarator| declarator.name.text);
            names.collect::<Vec<_>>().join(" ")
        });
        names.collect()
    }

    #[test]
    fn declarators_have_names() {
        for (declaration, expected) in [
            ("struct s { int a, *b; const T *const c[2][n]; };", "a b c"),
            (
                "struct s { T T; struct t t; unsigned u : 3, v : 2; };",
                "T t u v",
            ),
            (
                "struct s { int (*call)(int x, void *data); void *(*(*get)(int))(int y); char *data; };",
                "call get data",
            ),
            (
                "struct __attribute__((packed)) s { int a __attribute__((aligned(8))); _Alignas(8) int b; [[x]] int c; };",
                "a b c",
            ),
        ] {
            assert_eq!(names(declaration), [expected], "{declaration}");
        }
    }

    #[test]
    fn each_pair_of_braces_has_its_own() {
        let declaration = "struct s { int a; struct { int b; union { int c; } d; }; struct t { int e; } f, g; } v;";
        assert_eq!(names(declaration), ["c", "b d", "e", "a f g"]);
    }
}
