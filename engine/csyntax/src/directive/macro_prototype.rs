//! Reads the prototypes that `#cgo macro:` gives to function-like macros: `int WEXITSTATUS(int)`.

use crate::brackets::group_end;
use crate::declarations::keywords::{
    is_attribute, is_qualifier, is_type_operator, is_type_word, tag_kind,
};
use crate::diagnostic::Place;
use crate::lexer::{Token, TokenKind, tokens};
use crate::message::Message;

/// A function-like macro with the types that it takes and returns, as C text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroPrototype {
    pub name: String,
    pub result: String,
    pub parameters: Vec<String>,
    pub place: Place,
}

impl MacroPrototype {
    pub(super) fn read(text: &str, place: Place) -> Result<MacroPrototype, Message> {
        let wrong = || {
            Message::new(format!("`macro: {text}` is not a prototype"))
                .help("write the types that the macro takes and returns, as in `#cgo macro: int WEXITSTATUS(int)`")
        };
        let (head, rest) = text.split_once('(').ok_or_else(wrong)?;
        let parameters = rest.trim_end().trim_end_matches(';').trim_end();
        let parameters = parameters.strip_suffix(')').ok_or_else(wrong)?;
        let head = head.trim_end();
        let in_name = |character: char| character == '_' || character.is_alphanumeric();
        let start = head
            .rfind(|character| !in_name(character))
            .ok_or_else(wrong)?;
        let start = start + head[start..].chars().next().map_or(0, char::len_utf8);
        let (result, name) = (head[..start].trim(), &head[start..]);
        if result.is_empty()
            || name.is_empty()
            || name.starts_with(|first: char| first.is_ascii_digit())
        {
            return Err(wrong());
        }
        let parameters: Vec<String> = match parameters.trim() {
            "" | "void" => Vec::new(),
            _ => split(parameters)
                .iter()
                .map(|text| without_name(text))
                .collect(),
        };
        if parameters.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(MacroPrototype {
            name: name.to_string(),
            result: result.to_string(),
            parameters,
            place,
        })
    }

    /// A function with the name and the types of the macro. In brackets the name is not replaced by the macro.
    pub fn definition(&self) -> String {
        let MacroPrototype {
            name,
            result,
            parameters,
            ..
        } = self;
        let declared = parameters.iter().enumerate();
        let declared = declared.map(|(number, ctype)| format!("__typeof__({ctype}) _cgo_{number}"));
        let declared: Vec<String> = declared.collect();
        let declared = match declared.is_empty() {
            true => "void".to_string(),
            false => declared.join(", "),
        };
        let passed: Vec<String> = (0..parameters.len())
            .map(|number| format!("_cgo_{number}"))
            .collect();
        let returned = if result == "void" { "" } else { "return " };
        format!(
            "__attribute__((__unused__)) static __inline__ __typeof__({result}) ({name})({declared}) {{ {returned}{name}({}); }}",
            passed.join(", ")
        )
    }
}

/// The parts between the commas that are in no brackets.
fn split(text: &str) -> Vec<String> {
    let mut depth = 0usize;
    let ends = |character: char| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    text.split(ends)
        .map(|part| part.trim().to_string())
        .collect()
}

/// The type of a parameter, which may have a name.
fn without_name(parameter: &str) -> String {
    let tokens = tokens(parameter);
    let Some(name) = name_in(&tokens) else {
        return parameter.to_string();
    };
    let (before, after) = (
        &parameter[..name.start],
        &parameter[name.start + name.text.len()..],
    );
    [before, after].concat().trim_end().to_string()
}

/// The first word behind a type that belongs to none.
fn name_in<'a, 't>(tokens: &'a [Token<'t>]) -> Option<&'a Token<'t>> {
    let (mut at, mut has_type) = (0, false);
    while let Some(token) = tokens.get(at)
        && token.kind == TokenKind::Word
    {
        let (word, is_tag) = (token.text, tag_kind(token.text).is_some());
        let is_type = is_tag || is_type_word(word) || is_type_operator(word);
        if !is_type && !is_qualifier(word) && !is_attribute(word) {
            if has_type {
                return Some(token);
            }
            has_type = true;
        }
        has_type |= is_type;
        at += if is_tag { 2 } else { 1 };
        let has_group = is_type_operator(word) || is_attribute(word);
        if has_group && tokens.get(at).is_some_and(|next| next.is(b'(')) {
            at = group_end(tokens, at);
        }
    }
    // `*const name`, `(*name)(int)`. `(int)` are a function's parameters.
    let mut rest = tokens.get(at..)?.iter().peekable();
    while let Some(token) = rest.next() {
        match token.kind {
            TokenKind::Punctuation(b'*' | b'^') => {}
            TokenKind::Punctuation(b'(')
                if rest
                    .peek()
                    .is_some_and(|next| next.is(b'*') || next.is(b'^')) => {}
            TokenKind::Word if is_qualifier(token.text) => {}
            TokenKind::Word => return Some(token),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MacroPrototype, Message> {
        MacroPrototype::read(text, Place { line: 1, column: 1 })
    }

    #[test]
    fn a_prototype_becomes_a_function() {
        let max = read("unsigned long MAX(unsigned long, int (*)(int, int), char *);").unwrap();
        assert_eq!(
            max.definition(),
            "__attribute__((__unused__)) static __inline__ __typeof__(unsigned long) (MAX)(__typeof__(unsigned long) _cgo_0, \
             __typeof__(int (*)(int, int)) _cgo_1, __typeof__(char *) _cgo_2) { return MAX(_cgo_0, _cgo_1, _cgo_2); }"
        );
        let clear = read("void CLEAR(void)").unwrap();
        assert!(clear.definition().ends_with("(CLEAR)(void) { CLEAR(); }"));
        assert_eq!(read("char *NAME()").unwrap().result, "char *");
    }

    #[test]
    fn parameters_may_have_names() {
        for (parameter, ctype) in [
            ("int x", "int"),
            ("size_t n", "size_t"),
            ("size_t", "size_t"),
            ("const size_t", "const size_t"),
            ("size_t const n", "size_t const"),
            ("unsigned long long n", "unsigned long long"),
            ("struct point", "struct point"),
            ("struct point p", "struct point"),
            (
                "const struct point *restrict p",
                "const struct point *restrict",
            ),
            ("char *const *names", "char *const *"),
            ("int (*f)(int x, char *)", "int (*)(int x, char *)"),
            ("int (*)(int x)", "int (*)(int x)"),
            ("int (int x)", "int (int x)"),
            ("int numbers[3]", "int [3]"),
            ("__typeof__(x) y", "__typeof__(x)"),
            ("__typeof__(x)", "__typeof__(x)"),
        ] {
            assert_eq!(without_name(parameter), ctype);
        }
    }

    #[test]
    fn what_is_no_prototype() {
        for text in [
            "",
            "MAX",
            "MAX(int)",
            "int MAX",
            "int MAX(int",
            "int (int)",
            "int 1(int)",
            "int MAX(int,)",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
