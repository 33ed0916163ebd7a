//! Finds where an external declaration ends.

use crate::declarations::keywords::{is_attribute, is_type_operator, tag_kind};
use crate::declarations::names::TokenRange;
use crate::lexer::{Token, TokenKind};

/// How an external declaration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Semicolon,
    FunctionBody,
}

/// An external declaration whose tokens are being read. All declarations keep their tokens in one list. The body of a function is not
/// kept.
#[derive(Default)]
pub(crate) struct ExternalDeclaration {
    /// The index of its first token.
    start: usize,
    depth: usize,
    /// The depth of the braces in a function's body. It is zero outside of one.
    body: usize,
    initializer: bool,
    /// The index of the first token behind the declarator of an old-style definition: `int f(a) int a; {}`.
    old_style: Option<usize>,
}

impl ExternalDeclaration {
    /// A declaration of which no token has been read.
    pub(crate) fn starting_at(start: usize) -> ExternalDeclaration {
        ExternalDeclaration {
            start,
            ..ExternalDeclaration::default()
        }
    }

    /// Whether no token has been read.
    pub(crate) fn is_empty(&self, tokens: &[Token<'_>]) -> bool {
        self.start == tokens.len() && self.body == 0
    }

    /// The declaration's tokens, without the declarations of an old-style function's parameters.
    pub(crate) fn range(&self, tokens: &[Token<'_>]) -> TokenRange {
        TokenRange {
            start: self.start as u32,
            end: self.old_style.unwrap_or(tokens.len()) as u32,
        }
    }

    /// Takes the next token, and tells when the declaration has ended with it.
    pub(crate) fn push<'t>(
        &mut self,
        token: Token<'t>,
        tokens: &mut Vec<Token<'t>>,
    ) -> Option<End> {
        if self.body > 0 {
            match token.kind {
                TokenKind::Punctuation(b'{') => self.body += 1,
                TokenKind::Punctuation(b'}') => self.body -= 1,
                _ => {}
            }
            return (self.body == 0).then_some(End::FunctionBody);
        }
        match token.kind {
            TokenKind::Punctuation(b'{')
                if self.depth == 0 && self.opens_function_body(&tokens[self.start..]) =>
            {
                self.body = 1;
                return None;
            }
            TokenKind::Punctuation(b'{' | b'(' | b'[') => self.depth += 1,
            // The compiler complains about a bracket that was never opened.
            TokenKind::Punctuation(b'}' | b')' | b']') => self.depth = self.depth.saturating_sub(1),
            TokenKind::Punctuation(b'=') if self.depth == 0 => self.initializer = true,
            TokenKind::Punctuation(b';') if self.depth == 0 => {
                self.old_style = self.old_style.or_else(|| {
                    let at = parameter_declarations(&tokens[self.start..])?;
                    Some(self.start + at)
                });
                if self.old_style.is_none() {
                    return Some(End::Semicolon);
                }
            }
            _ => {}
        }
        tokens.push(token);
        None
    }

    /// Whether a brace here opens a function's body. It does unless it follows `=` or the head of a struct, union or enum.
    fn opens_function_body(&self, tokens: &[Token<'_>]) -> bool {
        if self.initializer {
            return false;
        }
        let mut before = tokens.iter().rev().peekable();
        // Attributes may come between the keyword and the tag, and C23's underlying type after the tag.
        let mut depth = 0;
        while let Some(token) = before.next() {
            match token.kind {
                TokenKind::Punctuation(b')' | b']') => depth += 1,
                TokenKind::Punctuation(b'(' | b'[') => depth -= 1,
                TokenKind::Word if depth == 0 && tag_kind(token.text).is_some() => return false,
                TokenKind::Word if depth == 0 && is_attribute(token.text) => {}
                TokenKind::Word if depth == 0 => {}
                TokenKind::Punctuation(b':') if depth == 0 => {}
                TokenKind::Punctuation(b'}') if depth == 0 => return true,
                _ if depth > 0 => {}
                _ => return true,
            }
            // The brackets right before the brace are a parameter list, unless they belong to an attribute.
            if depth == 0 && token.is(b'(') {
                let name = before.peek();
                let attribute = name
                    .is_some_and(|name| name.kind == TokenKind::Word && is_attribute(name.text));
                if !attribute {
                    return true;
                }
            }
        }
        true
    }
}

/// The index of the first token behind a function's list of bare names, if a declaration of a parameter starts there.
fn parameter_declarations(tokens: &[Token<'_>]) -> Option<usize> {
    let of_function = |pair: &[Token<'_>]| {
        let word = pair[0].text;
        let is_name = pair[0].kind == TokenKind::Word && !is_attribute(word) && word != "_Atomic";
        pair[1].is(b'(') && is_name && !is_type_operator(word)
    };
    let mut at = tokens.windows(2).position(of_function)? + 1;
    // `(a, b)`.
    loop {
        let (name, end) = (tokens.get(at + 1)?, tokens.get(at + 2)?);
        if name.kind != TokenKind::Word || !(end.is(b',') || end.is(b')')) {
            return None;
        }
        at += 2;
        if end.is(b')') {
            break;
        }
    }
    let next = tokens.get(at + 1)?;
    (next.kind == TokenKind::Word && !is_attribute(next.text)).then_some(at + 1)
}
