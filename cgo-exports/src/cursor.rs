//! Goes through tokens: brackets, commas, and one after the other.

use std::ops::Range;

use crate::lexer::{Token, TokenKind};

/// The tokens between commas that stand in no bracket. Angle brackets count as brackets, but not the one of `->`.
pub fn split_at_commas(tokens: &[Token]) -> Vec<Range<usize>> {
    split(tokens, |_| true)
}

/// The same where expressions stand, as in `A = 1 << 3, B`: there a `<` opens a bracket only behind `::` or a `=`.
pub(crate) fn split_expressions(tokens: &[Token]) -> Vec<Range<usize>> {
    split(tokens, |before| before.is(":") || before.is("="))
}

/// `opens` decides of the token before a `<`.
fn split(tokens: &[Token], opens: impl Fn(&Token) -> bool) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut depth, mut angles) = (Vec::new(), 0, 0usize, 0usize);
    for (at, token) in tokens.iter().enumerate() {
        match (token.kind, token.text.as_str()) {
            (TokenKind::Open, _) => depth += 1,
            (TokenKind::Close, _) => depth = depth.saturating_sub(1),
            (TokenKind::Sign, "<") if depth == 0 && (at == 0 || opens(&tokens[at - 1])) => {
                angles += 1;
            }
            (TokenKind::Sign, ">") if depth == 0 && !(at > 0 && tokens[at - 1].is("-")) => {
                angles = angles.saturating_sub(1);
            }
            (TokenKind::Sign, ",") if depth == 0 && angles == 0 => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        parts.push(start..tokens.len());
    }
    parts
}

/// The index behind the bracket that closes the one at `open`.
pub(crate) fn behind_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The tokens in the bracket that opens at `open`.
pub(crate) fn inside_group(tokens: &[Token], open: usize) -> Range<usize> {
    let start = (open + 1).min(tokens.len());
    let end = behind_group(tokens, open);
    start..end.saturating_sub(1).max(start)
}

/// Tokens as text, a blank between each two.
pub(crate) fn text(tokens: &[Token]) -> String {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    texts.join(" ")
}

/// A place among tokens.
pub(crate) struct Cursor<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) at: usize,
}

impl Cursor<'_> {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is(text))
    }

    pub(crate) fn is_kind(&self, kind: TokenKind) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.kind == kind)
    }

    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let found = self.is(text);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn group(&mut self) -> Range<usize> {
        let open = self.at;
        self.at = behind_group(self.tokens, open);
        inside_group(self.tokens, open)
    }

    /// The tokens up to one of these signs that stands in no bracket.
    pub(crate) fn until(&mut self, signs: &[&str]) -> Range<usize> {
        let start = self.at;
        while let Some(token) = self.tokens.get(self.at) {
            if signs.iter().any(|sign| token.is(sign)) {
                break;
            }
            self.at = behind_group(self.tokens, self.at);
        }
        start..self.at
    }
}
