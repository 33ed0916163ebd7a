//! Tells expressions and type names from other tokens, by the order of the tokens alone.

use crate::brackets::group_end;
use crate::declarations::keywords;
use crate::declarations::names::{NameKind, Names};
use crate::lexer::{Token, TokenKind};
use crate::macros::operand::{is_functions_name, is_size_word, is_string_word, starts_type};

/// What a list of tokens can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    TypeName,
    Expression,
    Neither,
}

pub(crate) fn of(names: &Names<'_>, tokens: &[Token<'_>]) -> Syntax {
    let mut parser = ExpressionParser {
        names,
        tokens,
        at: 0,
    };
    match parser.starts_type() {
        true if parser.type_name() => Syntax::TypeName,
        false if parser.expression() => Syntax::Expression,
        _ => Syntax::Neither,
    }
}

struct ExpressionParser<'a> {
    names: &'a Names<'a>,
    tokens: &'a [Token<'a>],
    at: usize,
}

impl<'a> ExpressionParser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn next_is(&self, punctuation: u8) -> bool {
        self.peek().is_some_and(|token| token.is(punctuation))
    }

    fn starts_type(&self) -> bool {
        self.peek()
            .is_some_and(|token| starts_type(self.names, token))
    }

    /// Whether all of it is a type name. A qualifier alone is not.
    fn type_name(&mut self) -> bool {
        let mut names_one = false;
        while let Some(token) = self.peek() {
            if token.kind == TokenKind::Word && keywords::is_qualifier(token.text) {
                self.at += 1;
            } else if self.starts_type() {
                names_one = true;
                let has_tag = matches!(token.text, "struct" | "union" | "enum");
                self.at += if has_tag { 2 } else { 1 };
            } else if names_one && token.is(b'*') {
                self.at += 1;
            } else if names_one && (token.is(b'(') || token.is(b'[')) {
                self.skip_group();
            } else {
                return false;
            }
        }
        names_one
    }

    fn skip_group(&mut self) {
        self.at = group_end(self.tokens, self.at);
    }

    /// Whether all of it is an expression: operands and operators alternate, and the brackets are closed.
    fn expression(&mut self) -> bool {
        let mut open = Vec::new();
        loop {
            if !self.operand(&mut open) {
                return false;
            }
            // After an operand come postfix operators and closing brackets, then a binary operator or the end.
            loop {
                let Some(token) = self.peek() else {
                    return open.is_empty();
                };
                self.at += 1;
                match token.kind {
                    TokenKind::Punctuation(b'(') if self.next_is(b')') => self.at += 1,
                    TokenKind::Punctuation(bracket @ (b'(' | b'[')) => {
                        open.push(bracket);
                        break;
                    }
                    TokenKind::Punctuation(b')') if open.pop() == Some(b'(') => {}
                    TokenKind::Punctuation(b']') if open.pop() == Some(b'[') => {}
                    TokenKind::Punctuation(b'.') => self.at += 1,
                    TokenKind::Punctuation(b'-') if self.next_is(b'>') => self.at += 2,
                    // `a++`. If an operand follows, it is read as `a + +b`, which is an expression too.
                    TokenKind::Punctuation(sign @ (b'+' | b'-'))
                        if self.next_is(sign) && self.ends_operand(self.at + 1) =>
                    {
                        self.at += 1;
                    }
                    // GNU C's `a ?: b`.
                    TokenKind::Punctuation(b'?') if self.next_is(b':') => {
                        self.at += 1;
                        break;
                    }
                    // These are not part of an expression.
                    TokenKind::Punctuation(
                        b'{' | b'}' | b')' | b']' | b';' | b'#' | b'\\' | b'@',
                    ) => {
                        return false;
                    }
                    TokenKind::Punctuation(_) => {
                        // The second character of `<<`, `&&`, `==` and the like.
                        while let Some(TokenKind::Punctuation(b'<' | b'>' | b'=' | b'&' | b'|')) =
                            self.peek().map(|t| t.kind)
                        {
                            self.at += 1;
                        }
                        break;
                    }
                    // The next literal continues a string.
                    TokenKind::Literal if token.is_string() => {}
                    TokenKind::Word if is_string_word(token.text) => {}
                    _ => return false,
                }
            }
        }
    }

    /// Whether the token there cannot start an operand.
    fn ends_operand(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(
            |token| matches!(token.kind, TokenKind::Punctuation(byte) if !b"+-!~*&(.".contains(&byte)),
        )
    }

    fn operand(&mut self, open: &mut Vec<u8>) -> bool {
        loop {
            let Some(token) = self.peek() else {
                return false;
            };
            self.at += 1;
            match token.kind {
                TokenKind::Number | TokenKind::Literal => return true,
                TokenKind::Punctuation(b'+' | b'-' | b'!' | b'~' | b'*' | b'&') => {}
                // A number that starts with its point.
                TokenKind::Punctuation(b'.') => {}
                TokenKind::Punctuation(b'(') if self.starts_type() || self.next_is(b'{') => {
                    let statement = self.next_is(b'{');
                    self.at -= 1;
                    let before = self.at.checked_sub(1).map(|at| &self.tokens[at]);
                    let of_sizeof = before.is_some_and(|token| is_size_word(token.text));
                    self.skip_group();
                    if statement {
                        return true;
                    }
                    if self.next_is(b'{') {
                        self.skip_group();
                        return true;
                    }
                    if of_sizeof && !self.continues_operand() {
                        return true;
                    }
                }
                TokenKind::Punctuation(b'(') => open.push(b'('),
                TokenKind::Word if is_size_word(token.text) || token.text == "__extension__" => {}
                TokenKind::Word => return self.word(token.text),
                TokenKind::Punctuation(_) => return false,
            }
        }
    }

    /// Whether the next token can start the operand of a cast.
    fn continues_operand(&self) -> bool {
        self.peek().is_some_and(|token| {
            !matches!(token.kind, TokenKind::Punctuation(byte) if !matches!(byte, b'(' | b'~' | b'!'))
        })
    }

    fn word(&mut self, word: &str) -> bool {
        if word.starts_with("__builtin_") || word == "_Generic" {
            if self.next_is(b'(') {
                self.skip_group();
            }
            return true;
        }
        // The preprocessor predefines these without showing a definition.
        let predefined = is_string_word(word)
            || is_functions_name(word)
            || matches!(word, "true" | "false" | "nullptr");
        predefined
            || matches!(
                self.names.ordinary(word).map(|name| &name.kind),
                Some(NameKind::FunctionOrVariable(_) | NameKind::Enumerator { .. })
            )
    }
}
