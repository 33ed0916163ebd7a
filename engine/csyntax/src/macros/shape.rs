//! Decides from a macro's tokens what it can be asked for: a type, an expression, or nothing a compiler would accept.

use std::collections::HashSet;

use crate::declarations::builtins;
use crate::declarations::keywords;
use crate::declarations::names::{Names, Role};
use crate::lexer::{Token, TokenKind, each_token, tokens};
use crate::macros::evaluation::{self, Evaluation, Spelled};
use crate::macros::expansion::{self, Unexpanded};

/// What a macro's body looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It names something: the item has the macro's name and that thing's meaning.
    Alias(String),
    /// It names a function that the compiler has built in, of this C type.
    Builtin(&'static str),
    Type,
    Expression(Expression),
    /// No value and no type, for this reason.
    Nothing(&'static str),
}

/// What the text of an expression tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    pub evaluation: Evaluation,
    pub spelled: Spelled,
    /// A compound literal stands in it.
    pub has_literal: bool,
}

pub fn shape(names: &Names, name: &str) -> Shape {
    let Some(definition) = names.macros.get(name) else {
        return Shape::Nothing("it is not defined");
    };
    if definition.function_like {
        return Shape::Nothing(
            "it is a function-like macro: call it from a C function of the preamble",
        );
    }
    let text = match expansion::expanded(names, name) {
        Ok(text) => text,
        Err(Unexpanded::OfItsPlace) => return Shape::Nothing(evaluation::OF_ITS_PLACE),
        Err(Unexpanded::Broken) => {
            return Shape::Nothing(
                "it calls a macro with other arguments than that takes, or does not end the call",
            );
        }
        Err(Unexpanded::TooLong) => {
            return Shape::Nothing(
                "it comes to more than 5,000 tokens: return its value from a C function of the preamble",
            );
        }
        Err(Unexpanded::TooDeep) => {
            return Shape::Nothing(
                "it leads through more than 100 macros, or through calls that stand more than 32 deep in one another's \
                 arguments: return its value from a C function of the preamble",
            );
        }
    };
    let tokens = tokens(&text);
    if tokens.is_empty() {
        return Shape::Nothing("it is defined as nothing");
    }
    if let Some(word) = alias(names, &tokens) {
        return Shape::Alias(word.to_string());
    }
    if let [word] = evaluation::without_brackets(&tokens)
        && word.text.starts_with("__builtin_")
        && word.text != "__builtin_va_list"
        && word.text != "__builtin_ms_va_list"
    {
        let unknown = Shape::Nothing(
            "it names a function that the compiler has built in: call it from a C function of the preamble",
        );
        return builtins::ctype(word.text).map_or(unknown, Shape::Builtin);
    }
    let mut reader = Reader {
        names,
        tokens: &tokens,
        at: 0,
    };
    if reader.starts_type() {
        return if reader.is_type() {
            Shape::Type
        } else {
            Shape::Nothing("it is neither an expression nor a type")
        };
    }
    if !reader.expression() {
        return Shape::Nothing("it is neither an expression nor a type");
    }
    match evaluation::of(names, &tokens) {
        Ok(evaluation) => Shape::Expression(Expression {
            evaluation,
            spelled: evaluation::spelled(names, &text, &tokens),
            has_literal: tokens
                .windows(2)
                .any(|pair| pair[0].is(b')') && pair[1].is(b'{')),
        }),
        Err(reason) => Shape::Nothing(reason),
    }
}

/// The first of these words that the macro's expansion meets, be it in its own body or in one of another macro.
pub fn met<'w>(names: &Names, name: &str, words: &[&'w str]) -> Option<&'w str> {
    if words.is_empty() {
        return None;
    }
    let (mut waiting, mut seen) = (vec![name], HashSet::new());
    while let Some(name) = waiting.pop() {
        let Some(definition) = names.macros.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        if let Some(word) = words.iter().find(|word| **word == name) {
            return Some(word);
        }
        waiting.extend(each_token(&definition.body).map(|token| token.text));
    }
    None
}

/// The name that a macro comes down to, if it does: of a type as it stands, of anything else also in brackets.
pub fn named<'n>(names: &'n Names, name: &str) -> Option<&'n str> {
    let text = expansion::expanded(names, name).ok()?;
    alias(names, &tokens(&text))
}

fn alias<'n>(names: &'n Names, tokens: &[Token<'_>]) -> Option<&'n str> {
    let inner = evaluation::without_brackets(tokens);
    let [word] = inner else {
        return None;
    };
    let name = names.ordinary(word.text)?;
    let in_brackets = inner.len() < tokens.len();
    let is_type = matches!(name.role, Role::Typedef { .. });
    (!in_brackets || !is_type).then_some(&name.name)
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

struct Reader<'a> {
    names: &'a Names<'a>,
    tokens: &'a [Token<'a>],
    at: usize,
}

impl<'a> Reader<'a> {
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

    /// Whether the whole text is a type's name. Only a qualifier is none.
    fn is_type(&self) -> bool {
        let mut reader = Reader { at: 0, ..*self };
        let mut names_one = false;
        while let Some(token) = reader.peek() {
            if token.kind == TokenKind::Word && keywords::is_qualifier(token.text) {
                reader.at += 1;
            } else if reader.starts_type() {
                names_one = true;
                reader.at += if matches!(token.text, "struct" | "union" | "enum") {
                    2
                } else {
                    1
                };
            } else if names_one && (token.is(b'*') || token.is(b'(') || token.is(b'[')) {
                reader.at += 1;
                if !token.is(b'*') {
                    reader.at -= 1;
                    reader.skip_group();
                }
            } else {
                return false;
            }
        }
        names_one
    }

    fn skip_group(&mut self) {
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            self.at += 1;
            match token.kind {
                TokenKind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
                TokenKind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Whether operands and operators alternate as they do in an expression, with brackets closed.
    fn expression(&mut self) -> bool {
        let mut open = Vec::new();
        loop {
            if !self.operand(&mut open) {
                return false;
            }
            // After an operand: postfix operators, closing brackets, then an operator or the end.
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
                    // `a++`; with an operand behind it, it is read as `a + +b`, which is as good.
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
                    // An assignment is no value that one would name, and the rest ends expressions.
                    TokenKind::Punctuation(b'=') if !self.next_is(b'=') => return false,
                    TokenKind::Punctuation(
                        b'{' | b'}' | b')' | b']' | b';' | b'#' | b'\\' | b'@',
                    ) => {
                        return false;
                    }
                    TokenKind::Punctuation(_) => {
                        // The second character of `<<`, `&&`, `==` and their like.
                        while let Some(TokenKind::Punctuation(b'<' | b'>' | b'=' | b'&' | b'|')) =
                            self.peek().map(|t| t.kind)
                        {
                            self.at += 1;
                        }
                        break;
                    }
                    // A string goes on in the next literal.
                    TokenKind::Literal if token.is_string() => {}
                    _ => return false,
                }
            }
        }
    }

    /// Whether the token there cannot be the start of an operand.
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
                // The fraction of a number that starts with its point.
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

    /// Whether what follows a type in parentheses can be what is cast.
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
        // Predefined by the preprocessor without a definition that it would show.
        let predefined = evaluation::is_string_word(word)
            || evaluation::is_functions_name(word)
            || matches!(word, "true" | "false" | "nullptr");
        predefined
            || matches!(
                self.names.ordinary(word).map(|name| &name.role),
                Some(Role::Object(_) | Role::Enumerator { .. })
            )
    }
}

pub(crate) fn is_size_word(word: &str) -> bool {
    matches!(
        word,
        "sizeof" | "_Alignof" | "__alignof__" | "__alignof" | "alignof"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;

    fn of(body: &str) -> Shape {
        let text = format!(
            "typedef unsigned long ulong; struct S {{ int a; }}; int f(int), x, a[3]; enum {{ RED }};\n\
             #define CALL(x) x\n#define MAKE(x) (struct S){{ x, }}\n#define CAT(a, b) a##b\n#define ONE 1\n#define M {body}\n"
        );
        shape(&declared(&text), "M")
    }

    fn is_expression(body: &str) -> bool {
        matches!(of(body), Shape::Expression { .. })
    }

    #[test]
    fn expressions() {
        for body in [
            "1",
            "(-5)",
            "1e-10",
            ".5",
            "'a'",
            "ONE + x",
            "((void*)-1)",
            "(ulong)1 << 3",
            "sizeof(int)",
            "sizeof(struct S) * 2",
            "f(1)",
            "f(ONE, 2)[3]",
            "a[1]",
            "CALL(1)",
            "CALL(a[1])",
            "MAKE(1)",
            "L'x'",
            "__FILE__ \"x\"",
            "(ONE == 1 && x != 2) ? 1 : 0",
            "((struct S){1})",
            "({ int b = 1; b; })",
            "__builtin_nanf(\"\")",
            "*f(1)",
            "&x",
            "(*f(1))",
            "x.y->z",
            "!x",
            "sizeof x",
            "(int)sizeof(int)",
            "(x++)",
            "x-- + 1",
            "(f(1), a[1]++)",
            "x++ - -x",
            "x ?: 9",
        ] {
            assert!(is_expression(body), "{body}: {:?}", of(body));
        }
    }

    #[test]
    fn types() {
        for body in [
            "int",
            "unsigned long",
            "struct S",
            "const struct S *",
            "ulong *",
            "int (*)(void)",
            "CALL(unsigned int)",
            "struct CAT(S, )",
        ] {
            assert_eq!(of(body), Shape::Type, "{body}");
        }
    }

    #[test]
    fn names_of_things() {
        assert_eq!(of("x"), Shape::Alias("x".into()));
        assert_eq!(of("RED"), Shape::Alias("RED".into()));
        assert_eq!(of("ulong"), Shape::Alias("ulong".into()));
        assert_eq!(of("((x))"), Shape::Alias("x".into()));
        assert_eq!(of("CALL((RED))"), Shape::Alias("RED".into()));
        assert_eq!(of("CAT(ulo, ng)"), Shape::Alias("ulong".into()));
    }

    #[test]
    fn neither() {
        for body in [
            "",
            "(",
            "1 +",
            "extern",
            "const",
            "__attribute__((packed))",
            "do { } while (0)",
            "unknown",
            "st_mtim.tv_sec",
            "{ 0 }",
            "return 1",
            "x y",
            "int x;",
            "goto out",
            "CALL",
            "x = ",
            "(ulong)",
            "CALL(1, 2)",
            "1, 2",
            "f(1, __LINE__)",
            "__func__",
        ] {
            assert!(
                matches!(of(body), Shape::Nothing(_)),
                "{body}: {:?}",
                of(body)
            );
        }
    }
}
