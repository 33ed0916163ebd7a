//! Decides from a macro's tokens what it can be asked for: a type, an expression, or nothing a compiler would accept.

use std::collections::HashSet;

use crate::declarations;
use crate::lexer::{Kind, Token, each_token};
use crate::names::{self, Names, Role};

/// What a macro's body looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It names something: the item has the macro's name and that thing's meaning.
    Alias(String),
    Type,
    Expression {
        /// Whether a string literal stands in it.
        has_string: bool,
        /// Whether a function or variable does: then it is hardly a constant.
        mentions_object: bool,
    },
    /// No value and no type, for this reason.
    Nothing(&'static str),
}

/// So many tokens are no constant that anyone wrote; it keeps macros that double each other at every step in bounds.
const MOST_TOKENS: usize = 5_000;

pub fn shape(names: &Names, name: &str) -> Shape {
    let Some(definition) = names.macros.get(name) else {
        return Shape::Nothing("it is not defined");
    };
    if definition.function_like {
        return Shape::Nothing(
            "it is a function-like macro: call it from a C function of the preamble",
        );
    }
    if definition.body.is_empty() {
        return Shape::Nothing("it is defined as nothing");
    }
    if let Some(word) = names::single_word(names, name)
        && names.ordinary(word).is_some()
    {
        return Shape::Alias(word.to_string());
    }
    let mut expanded = Vec::new();
    let path = &mut HashSet::from([name]);
    if !expand(names, &definition.body, path, &mut expanded) {
        return Shape::Nothing("it is too long");
    }
    let mut reader = Reader {
        names,
        tokens: &expanded,
        at: 0,
    };
    if reader.starts_type() {
        return if reader.is_type() {
            Shape::Type
        } else {
            Shape::Nothing("it is neither an expression nor a type")
        };
    }
    match reader.expression() {
        true => Shape::Expression {
            has_string: expanded
                .iter()
                .any(|token| token.kind == Kind::Literal && token.text.starts_with('"')),
            mentions_object: expanded.iter().any(|token| {
                let name = names.ordinary(token.text);
                matches!(name.map(|name| &name.role), Some(Role::Object(_)))
            }),
        },
        false => Shape::Nothing("it is neither an expression nor a type"),
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

/// Replaces object macros in `body` by their own tokens, each once on a path, as the preprocessor does. False if that
/// has too many tokens or too long a path.
fn expand<'n>(
    names: &'n Names,
    body: &'n str,
    path: &mut HashSet<&'n str>,
    into: &mut Vec<Token<'n>>,
) -> bool {
    if path.len() > names::LONGEST_CHAIN {
        return false;
    }
    for token in each_token(body) {
        if into.len() > MOST_TOKENS {
            return false;
        }
        match names.macros.get(token.text) {
            Some(inner)
                if token.kind == Kind::Word && !inner.function_like && path.insert(token.text) =>
            {
                if !expand(names, &inner.body, path, into) {
                    return false;
                }
                path.remove(token.text);
            }
            _ => into.push(token),
        }
    }
    true
}

struct Reader<'a> {
    names: &'a Names,
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
        self.peek().is_some_and(|token| {
            token.kind == Kind::Word
                && (declarations::is_type_word(token.text)
                    || (declarations::is_qualifier(token.text) && token.text != "__extension__")
                    || matches!(
                        token.text,
                        "struct"
                            | "union"
                            | "enum"
                            | "__typeof__"
                            | "typeof"
                            | "_Atomic"
                            | "_BitInt"
                    )
                    || matches!(
                        self.names.ordinary(token.text).map(|name| &name.role),
                        Some(Role::Typedef { .. })
                    ))
        })
    }

    /// Whether the whole text is a type's name. Only a qualifier is none.
    fn is_type(&self) -> bool {
        let mut reader = Reader { at: 0, ..*self };
        let mut names_one = false;
        while let Some(token) = reader.peek() {
            if token.kind == Kind::Word && declarations::is_qualifier(token.text) {
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
                Kind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
                Kind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
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
                    Kind::Punctuation(b'(') if self.next_is(b')') => self.at += 1,
                    Kind::Punctuation(bracket @ (b'(' | b'[')) => {
                        open.push(bracket);
                        break;
                    }
                    Kind::Punctuation(b')') if open.pop() == Some(b'(') => {}
                    Kind::Punctuation(b']') if open.pop() == Some(b'[') => {}
                    Kind::Punctuation(b'.') => self.at += 1,
                    Kind::Punctuation(b'-') if self.next_is(b'>') => self.at += 2,
                    // An assignment is no value that one would name, and the rest ends expressions.
                    Kind::Punctuation(b'=') if !self.next_is(b'=') => return false,
                    Kind::Punctuation(b'{' | b'}' | b')' | b']' | b';' | b'#' | b'\\' | b'@') => {
                        return false;
                    }
                    Kind::Punctuation(_) => {
                        // The second character of `<<`, `&&`, `==` and their like.
                        while let Some(Kind::Punctuation(b'<' | b'>' | b'=' | b'&' | b'|')) =
                            self.peek().map(|t| t.kind)
                        {
                            self.at += 1;
                        }
                        break;
                    }
                    // A string goes on in the next literal.
                    Kind::Literal if token.text.starts_with('"') => {}
                    _ => return false,
                }
            }
        }
    }

    fn operand(&mut self, open: &mut Vec<u8>) -> bool {
        loop {
            let Some(token) = self.peek() else {
                return false;
            };
            self.at += 1;
            match token.kind {
                Kind::Number | Kind::Literal => return true,
                Kind::Punctuation(b'+' | b'-' | b'!' | b'~' | b'*' | b'&') => {}
                // The fraction of a number that starts with its point.
                Kind::Punctuation(b'.') => {}
                Kind::Punctuation(b'(') if self.starts_type() || self.next_is(b'{') => {
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
                Kind::Punctuation(b'(') => open.push(b'('),
                Kind::Word if is_size_word(token.text) || token.text == "__extension__" => {}
                Kind::Word => return self.word(token.text),
                Kind::Punctuation(_) => return false,
            }
        }
    }

    /// Whether what follows a type in parentheses can be what is cast.
    fn continues_operand(&self) -> bool {
        self.peek().is_some_and(|token| {
            !matches!(token.kind, Kind::Punctuation(byte) if !matches!(byte, b'(' | b'~' | b'!'))
        })
    }

    fn word(&mut self, word: &str) -> bool {
        if word.starts_with("__builtin_")
            || matches!(word, "_Generic" | "__func__" | "__FUNCTION__")
        {
            if self.next_is(b'(') {
                self.skip_group();
            }
            return true;
        }
        if self
            .names
            .macros
            .get(word)
            .is_some_and(|inner| inner.function_like)
        {
            // What the arguments are, a type perhaps, is the macro's affair.
            let called = self.next_is(b'(');
            self.skip_group();
            return called;
        }
        // Predefined by the preprocessor without a definition that it would show.
        let predefined = matches!(
            word,
            "__FILE__"
                | "__LINE__"
                | "__COUNTER__"
                | "__DATE__"
                | "__TIME__"
                | "true"
                | "false"
                | "nullptr"
        );
        predefined
            || matches!(
                self.names.ordinary(word).map(|name| &name.role),
                Some(Role::Object(_) | Role::Enumerator { .. })
            )
    }
}

fn is_size_word(word: &str) -> bool {
    matches!(
        word,
        "sizeof" | "_Alignof" | "__alignof__" | "__alignof" | "alignof"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Shape {
        let text = format!(
            "typedef unsigned long ulong; struct S {{ int a; }}; int f(int), x, a[3]; enum {{ RED }};\n\
             #define CALL(x) x\n#define ONE 1\n#define M {body}\n"
        );
        shape(&names::declared(&text), "M")
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
            "CALL(int)",
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
        ] {
            assert!(is_expression(body), "{body}: {:?}", of(body));
        }
        assert_eq!(
            of("\"a\" \"b\""),
            Shape::Expression {
                has_string: true,
                mentions_object: false
            }
        );
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
        ] {
            assert_eq!(of(body), Shape::Type, "{body}");
        }
    }

    #[test]
    fn names_of_things() {
        assert_eq!(of("x"), Shape::Alias("x".into()));
        assert_eq!(of("RED"), Shape::Alias("RED".into()));
        assert_eq!(of("ulong"), Shape::Alias("ulong".into()));
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
        ] {
            assert!(
                matches!(of(body), Shape::Nothing(_)),
                "{body}: {:?}",
                of(body)
            );
        }
    }
}
