//! Finds where the groups in brackets end.

use crate::lexer::{Token, TokenKind};

/// The index behind the group in brackets that starts at `at`, or behind the one token that stands there; the end where the group is
/// not closed.
pub fn group_end(tokens: &[Token<'_>], at: usize) -> usize {
    let (mut end, mut depth) = (at, 0usize);
    while let Some(token) = tokens.get(end) {
        end += 1;
        match token.kind {
            TokenKind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
            TokenKind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    end
}
