//! Finds where the operands and the types of an expression start and end.

use crate::brackets::group_end;
use crate::declarations::keywords;
use crate::declarations::names::Names;
use crate::lexer::{Token, TokenKind};

/// Operators that look at a type and evaluate nothing.
pub(crate) fn is_size_word(word: &str) -> bool {
    matches!(
        word,
        "sizeof" | "_Alignof" | "__alignof__" | "__alignof" | "alignof" | "_Countof"
    )
}

/// Macros for strings that the preprocessor predefines without showing a definition.
pub(crate) fn is_string_word(word: &str) -> bool {
    matches!(
        word,
        "__FILE__" | "__FILE_NAME__" | "__BASE_FILE__" | "__DATE__" | "__TIME__" | "__TIMESTAMP__"
    )
}

/// Those of them that say when the compiler runs: two runs do not agree.
pub(crate) fn is_times_word(word: &str) -> bool {
    matches!(word, "__DATE__" | "__TIME__" | "__TIMESTAMP__")
}

/// Names for the function around them.
pub(crate) fn is_functions_name(word: &str) -> bool {
    matches!(word, "__func__" | "__FUNCTION__" | "__PRETTY_FUNCTION__")
}

/// Built-in functions that tell the place of their call.
pub(crate) fn is_places_name(word: &str) -> bool {
    matches!(
        word,
        "__builtin_LINE"
            | "__builtin_COLUMN"
            | "__builtin_FILE"
            | "__builtin_FILE_NAME"
            | "__builtin_FUNCTION"
            | "__builtin_FUNCSIG"
    )
}

/// Whether a type starts with this token.
pub(crate) fn starts_type(names: &Names, token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word
        && (keywords::is_type_word(token.text)
            || (keywords::is_qualifier(token.text) && token.text != "__extension__")
            || matches!(
                token.text,
                "struct" | "union" | "enum" | "__typeof__" | "typeof" | "_Atomic" | "_BitInt"
            )
            || names.is_typedef(token.text))
}

/// The tokens without the brackets around all of them, however many there are.
pub(crate) fn without_brackets<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    loop {
        tokens = match tokens {
            [first, rest @ ..] if first.text == "__extension__" => rest,
            [first, .., _] if first.is(b'(') && group_end(tokens, 0) == tokens.len() => {
                &tokens[1..tokens.len() - 1]
            }
            _ => return tokens,
        };
    }
}

/// The first comma from `at` on that is not in brackets.
pub(crate) fn first_comma(tokens: &[Token<'_>], mut at: usize) -> Option<usize> {
    while let Some(token) = tokens.get(at) {
        at = match token.kind {
            TokenKind::Punctuation(b',') => return Some(at),
            TokenKind::Punctuation(b'(' | b'[' | b'{') => group_end(tokens, at),
            _ => at + 1,
        };
    }
    None
}

/// Where the operand ends that starts here, with the casts and operators before and behind it (C17 6.5.1 to 6.5.4).
pub(crate) fn operand_end(names: &Names, tokens: &[Token<'_>], mut at: usize) -> usize {
    let mut after_sizeof = false;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            TokenKind::Punctuation(b'+' | b'-' | b'!' | b'~' | b'*' | b'&') => at += 1,
            TokenKind::Word if is_size_word(token.text) || token.text == "__extension__" => {
                after_sizeof = is_size_word(token.text);
                at += 1;
                continue;
            }
            TokenKind::Punctuation(b'(') => {
                let next = tokens.get(at + 1);
                let is_type = next.is_some_and(|next| starts_type(names, next));
                at = group_end(tokens, at);
                if !is_type {
                    break;
                }
                if tokens.get(at).is_some_and(|next| next.is(b'{')) {
                    at = group_end(tokens, at);
                    break;
                }
                // In `sizeof (T)` nothing is cast.
                if after_sizeof {
                    return at;
                }
            }
            TokenKind::Literal => {
                while tokens.get(at).is_some_and(Token::is_string) {
                    at += 1;
                }
                at += usize::from(!token.is_string());
                break;
            }
            _ => {
                at += number(tokens, at).unwrap_or(1);
                break;
            }
        }
        after_sizeof = false;
    }
    loop {
        at = match tokens.get(at).map(|token| token.kind) {
            Some(TokenKind::Punctuation(b'(' | b'[')) => group_end(tokens, at),
            Some(TokenKind::Punctuation(b'.')) => at + 2,
            Some(TokenKind::Punctuation(b'-'))
                if tokens.get(at + 1).is_some_and(|t| t.is(b'>')) =>
            {
                at + 3
            }
            _ => return at.min(tokens.len()),
        };
    }
}

/// How many tokens a number such as `.5` or `1e-10` is cut into here.
fn number(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let point = usize::from(tokens[at].is(b'.'));
    let digits = tokens
        .get(at + point)
        .filter(|token| token.kind == TokenKind::Number)?;
    let is_hexadecimal = digits.text.starts_with(['0']) && digits.text[1..].starts_with(['x', 'X']);
    let exponent: &[char] = match is_hexadecimal {
        true => &['p', 'P'],
        false => &['e', 'E'],
    };
    let goes_on = digits.text.ends_with(exponent)
        && tokens
            .get(at + point + 1)
            .is_some_and(|sign| sign.is(b'-') || sign.is(b'+'));
    Some(point + if goes_on { 3 } else { 1 })
}
