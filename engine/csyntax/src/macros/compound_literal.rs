//! Tells what the operators around a compound literal yield: its address, a value that is read out of it, or the literal itself.

use crate::brackets::group_end;
use crate::lexer::{Token, TokenKind};
use crate::macros::operand::is_size_word;

/// What the operators around a compound literal yield.
#[derive(Default)]
pub(crate) struct Operand {
    pub(crate) is_address: bool,
    /// It is a member, an element, or what a pointer in the literal leads to.
    pub(crate) is_read: bool,
    /// It is the whole expression.
    pub(crate) is_whole: bool,
}

impl Operand {
    /// The operand that the literal between these two places is part of (C17 6.5.2, 6.5.3). `plain_brackets` is the number of brackets
    /// around it that only group.
    pub(crate) fn of(
        tokens: &[Token<'_>],
        mut start: usize,
        mut end: usize,
        mut plain_brackets: usize,
    ) -> Operand {
        let mut operand = Operand::default();
        loop {
            end = operand.take_postfix(tokens, end);
            start = operand.take_prefix(tokens, start);
            let is_bracketed = start > 0
                && tokens[start - 1].is(b'(')
                && tokens.get(end).is_some_and(|next| next.is(b')'))
                && plain_brackets > 0;
            if !is_bracketed {
                operand.is_whole = start == 0 && end >= tokens.len();
                return operand;
            }
            (start, end) = (start - 1, end + 1);
            plain_brackets -= 1;
        }
    }

    /// Applies the operators behind it, and tells where they end.
    fn take_postfix(&mut self, tokens: &[Token<'_>], mut end: usize) -> usize {
        loop {
            let next = |further: usize| tokens.get(end + further);
            end = match next(0).map(|token| token.kind) {
                Some(TokenKind::Punctuation(b'[')) => {
                    self.dereference();
                    group_end(tokens, end)
                }
                Some(TokenKind::Punctuation(b'.')) => {
                    self.is_read = true;
                    end + 2
                }
                Some(TokenKind::Punctuation(b'-')) if next(1).is_some_and(|t| t.is(b'>')) => {
                    self.dereference();
                    self.is_read = true;
                    end + 3
                }
                _ => return end,
            };
        }
    }

    /// Applies the operators before it, and tells where they start.
    fn take_prefix(&mut self, tokens: &[Token<'_>], mut start: usize) -> usize {
        while let Some(at) = start.checked_sub(1) {
            match tokens[at].kind {
                TokenKind::Punctuation(b'*') if !is_binary(tokens, at) => self.dereference(),
                TokenKind::Punctuation(b'&') if !is_binary(tokens, at) => self.is_address = true,
                TokenKind::Word if tokens[at].text == "__extension__" => {}
                _ => break,
            }
            start = at;
        }
        start
    }

    /// Applies `*`, `[]` or `->`. With the literal's own address this yields the literal again.
    fn dereference(&mut self) {
        match self.is_address {
            true => self.is_address = false,
            false => self.is_read = true,
        }
    }
}

/// Whether the `*` or `&` there certainly has a left operand.
fn is_binary(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else {
        return false;
    };
    match before.kind {
        TokenKind::Word => before.text != "__extension__" && !is_size_word(before.text),
        TokenKind::Number | TokenKind::Literal => true,
        TokenKind::Punctuation(b']') => true,
        // `&&`
        TokenKind::Punctuation(b'&') => tokens[at].is(b'&') && before.start + 1 == tokens[at].start,
        // It may be a cast's.
        TokenKind::Punctuation(_) => false,
    }
}
