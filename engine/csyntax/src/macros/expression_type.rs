//! Tells where the type of an expanded macro's expression is spelled.

use crate::brackets::group_end;
use crate::declarations::keywords::is_qualifier;
use crate::declarations::names::{Name, NameKind, Names};
use crate::lexer::{Token, TokenKind};
use crate::macros::operand::{is_size_word, operand_end, starts_type, without_brackets};

/// Where the type of an expression is spelled. Compilers differ in where they lose the name of a typedef.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeSource {
    /// In a cast: the text of the type.
    Cast(String),
    /// In the declaration of this function, as the type of its result.
    Result(String),
    /// In the declaration of a variable or a member.
    Declared,
    /// In the enumeration of this enumerator. Some compilers give one beyond `int` the enumeration itself, and others its integer type.
    Enumerator(String),
    /// Nowhere: it is a type of the language, as that of an operator or a literal is.
    Language,
}

/// Where the type of the expression is spelled.
pub(crate) fn of(names: &Names, text: &str, tokens: &[Token<'_>]) -> TypeSource {
    let inner = without_brackets(tokens);
    let Some(first) = inner.first() else {
        return TypeSource::Language;
    };
    if let Some(name) = enumerator(names, inner) {
        return TypeSource::Enumerator(name.to_string());
    }
    if operand_end(names, inner, 0) < inner.len() {
        return TypeSource::Language;
    }
    match first.kind {
        TokenKind::Punctuation(b'(') => {
            let end = group_end(inner, 0);
            let is_type = inner.get(1).is_some_and(|next| starts_type(names, next));
            match inner.get(end) {
                Some(operand) if is_type && !operand.is(b'{') => {
                    cast(names, text, &inner[1..end - 1])
                }
                Some(operand) if operand.is(b'(') => result(names, inner),
                _ => TypeSource::Declared,
            }
        }
        TokenKind::Punctuation(b'*') => TypeSource::Declared,
        TokenKind::Word if is_size_word(first.text) || first.text.starts_with("__builtin_") => {
            TypeSource::Language
        }
        TokenKind::Word if first.text == "_Generic" => TypeSource::Language,
        TokenKind::Word => result(names, inner),
        _ => TypeSource::Language,
    }
}

/// The enumerator whose value the expression is, behind commas too, or at the end of a statement expression.
fn enumerator<'t>(names: &Names, tokens: &[Token<'t>]) -> Option<&'t str> {
    let inner = without_brackets(tokens);
    match inner {
        [] => None,
        [word] => names
            .ordinary(word.text)
            .is_some_and(|name| matches!(name.kind, NameKind::Enumerator { .. }))
            .then_some(word.text),
        [first, statements @ .., semicolon, _]
            if first.is(b'{') && semicolon.is(b';') && group_end(inner, 0) == inner.len() =>
        {
            enumerator(names, behind_last(statements, b';'))
        }
        _ => match behind_last(inner, b',') {
            last if last.len() < inner.len() => enumerator(names, last),
            _ => None,
        },
    }
}

/// What stands behind the last separator that is not in brackets; all of it if there is none.
fn behind_last<'s, 't>(tokens: &'s [Token<'t>], separator: u8) -> &'s [Token<'t>] {
    let (mut start, mut at) = (0, 0);
    while let Some(token) = tokens.get(at) {
        at = group_end(tokens, at);
        if token.is(separator) {
            start = at;
        }
    }
    &tokens[start..]
}

/// Where the type of a cast is spelled. A `typeof` in it refers to where the type of its operand is spelled.
fn cast(names: &Names, text: &str, ctype: &[Token<'_>]) -> TypeSource {
    let unqualified = ctype.iter().position(|token| !is_qualifier(token.text));
    let plain = &ctype[unqualified.unwrap_or(0)..];
    if let [word, rest @ ..] = plain
        && word.text.contains("typeof")
        && rest.first().is_some_and(|next| next.is(b'('))
        && group_end(rest, 0) == rest.len()
    {
        let inner = &rest[1..rest.len() - 1];
        let is_type = inner.first().is_some_and(|next| starts_type(names, next));
        match if is_type {
            cast(names, text, inner)
        } else {
            of(names, text, inner)
        } {
            TypeSource::Declared => {}
            of_operand => return of_operand,
        }
    }
    match (ctype.first(), ctype.last()) {
        (Some(first), Some(last)) => {
            let end = last.start + last.text.len();
            TypeSource::Cast(text[first.start..end].to_string())
        }
        _ => TypeSource::Language,
    }
}

/// Where the type is spelled if the expression may be a call. clang tells types of its own for functions that it has built in.
fn result(names: &Names, call: &[Token<'_>]) -> TypeSource {
    let callee = call.iter().position(|token| token.is(b'('));
    let starts_bracket = callee == Some(0);
    let end = match (starts_bracket, callee) {
        (true, _) => group_end(call, 0),
        (false, Some(at)) => at,
        (false, None) => return TypeSource::Declared,
    };
    let is_call =
        call.get(end).is_some_and(|next| next.is(b'(')) && group_end(call, end) == call.len();
    let mut function = without_brackets(&call[..end]);
    while let [operator, rest @ ..] = function
        && (operator.is(b'*') || operator.is(b'&'))
    {
        function = without_brackets(rest);
    }
    match function {
        [function] if is_call && names.ordinary(function.text).is_some_and(is_function) => {
            TypeSource::Result(function.text.to_string())
        }
        _ => TypeSource::Declared,
    }
}

fn is_function(name: &Name<'_>) -> bool {
    matches!(name.kind, NameKind::FunctionOrVariable(storage) if storage.function)
}

#[cfg(test)]
mod tests {
    use super::{TypeSource, of};
    use crate::declarations::declared;
    use crate::lexer::tokens;

    const TEXT: &str = "typedef unsigned long size_t; struct S { int x, *p; }; int f(int), x; enum { LARGE = 1u << 31 };\n";

    #[test]
    fn types_are_those_that_are_spelled() {
        let names = declared(TEXT);
        let source = |body: &str| of(&names, body, &tokens(body));
        for body in [
            "((size_t)4)",
            "(size_t)(1 + 2)",
            "(size_t)-1",
            "(size_t)(int)1e-10",
            "((size_t)f(1).x[3])",
        ] {
            assert_eq!(source(body), TypeSource::Cast("size_t".into()), "{body}");
        }
        assert_eq!(
            source("((struct S *)0)"),
            TypeSource::Cast("struct S *".into())
        );
        for body in [
            "f(1)",
            "(f(1))",
            "(f)(1)",
            "((*f)(1))",
            "((__typeof__(f(1)))3)",
        ] {
            assert_eq!(source(body), TypeSource::Result("f".into()), "{body}");
        }
        assert_eq!(
            source("((const __typeof__((size_t)1))3)"),
            TypeSource::Cast("size_t".into())
        );
        for body in [
            "(x, LARGE)",
            "({ f(1); (LARGE); })",
            "((__typeof__(LARGE))1)",
        ] {
            assert_eq!(
                source(body),
                TypeSource::Enumerator("LARGE".into()),
                "{body}"
            );
        }
        for body in [
            "(*f(1))",
            "x(1)",
            "x->y",
            "((struct S){1})",
            "((struct S *)0)->x",
        ] {
            assert_eq!(source(body), TypeSource::Declared, "{body}");
        }
        for body in [
            "(size_t)4 + 1",
            "1",
            "sizeof(int)",
            "sizeof x",
            "-x",
            "(x ? 1 : 2)",
            "(1.5e-10)",
            "'a'",
            "((__typeof__(sizeof(int)))3)",
            "(f(1) + 1)",
            "({ f(1); LARGE + 1; })",
            "(1 ? LARGE : LARGE)",
        ] {
            assert_eq!(source(body), TypeSource::Language, "{body}");
        }
    }
}
