//! Reads the prototypes that `#cgo macro:` gives to macros and `#cgo prototype:` to functions: `int WEXITSTATUS(int)`.

use crate::brackets::group_end;
use crate::declarations::keywords::{
    is_attribute, is_qualifier, is_type_operator, is_type_word, tag_kind,
};
use crate::declarations::names::Names;
use crate::diagnostic::Place;
use crate::lexer::{Token, TokenKind, tokens};
use crate::message::Message;

/// What a prototype is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prototyped {
    /// A macro, which Rust gets as a function.
    Macro,
    /// A function of C, which Rust gets with other pointers than C declares.
    Function,
}

impl Prototyped {
    /// The verb of the directive.
    pub fn verb(self) -> &'static str {
        match self {
            Prototyped::Macro => "macro",
            Prototyped::Function => "prototype",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Prototyped::Macro => {
                "write the types that the macro takes and returns, as in `#cgo macro: int WEXITSTATUS(int)`"
            }
            Prototyped::Function => {
                "write the types that the function takes and returns, as in `#cgo prototype: int on_event(int (*)(struct event *))`"
            }
        }
    }
}

/// A macro or function with the types that it takes and returns, as C text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    pub of: Prototyped,
    pub name: String,
    pub result: String,
    pub parameters: Vec<Parameter>,
    /// Ends in `...`.
    pub variadic: bool,
    pub place: Place,
}

/// A parameter, which may have a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub ctype: String,
    pub name: Option<String>,
}

impl Prototype {
    pub(crate) fn read(of: Prototyped, text: &str, place: Place) -> Result<Prototype, Message> {
        let returns_function = text
            .split_once('(')
            .is_some_and(|(_, rest)| rest.trim_start().starts_with('*'));
        let wrong = || {
            let message = Message::new(format!("`{}: {text}` is not a prototype", of.verb()));
            message.help(match returns_function {
                true => "name the function pointer that it returns with a `typedef`",
                false => of.help(),
            })
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
        let mut parameters = match parameters.trim() {
            "" | "void" => Vec::new(),
            _ => split(parameters),
        };
        let variadic = parameters.pop_if(|last| last == "...").is_some();
        if variadic && of == Prototyped::Macro {
            return Err(wrong());
        }
        let is_type = |text: &String| !text.is_empty() && text != "void" && is_whole(text);
        if !parameters.iter().all(is_type) {
            return Err(wrong());
        }
        let parameters: Vec<Parameter> = parameters.iter().map(|text| parameter(text)).collect();
        if parameters
            .iter()
            .any(|parameter| parameter.ctype.is_empty())
        {
            return Err(wrong());
        }
        Ok(Prototype {
            of,
            name: name.to_string(),
            result: result.to_string(),
            parameters,
            variadic,
            place,
        })
    }

    /// The function that C gets for it.
    pub fn function(&self) -> String {
        format!("_cgo_{}_{}", self.of.verb(), self.name)
    }

    /// The C of this function: one that evaluates the macro, or a declaration of the type that another function is to have. `None` if
    /// there is no such macro.
    pub fn declaration(&self, names: &Names<'_>) -> Option<String> {
        let declarator = self.declarator();
        if self.of == Prototyped::Function {
            return Some(format!("extern {declarator};"));
        }
        let name = &self.name;
        let definition = names.macros.get(name.as_str())?;
        let passed = (0..self.parameters.len()).map(|number| format!("_cgo_{number}"));
        let passed: Vec<String> = passed.collect();
        let value = match definition.function_like || !passed.is_empty() {
            true => format!("{name}({})", passed.join(", ")),
            false => name.clone(),
        };
        let returned = if self.result == "void" { "" } else { "return " };
        Some(format!(
            "__attribute__((__unused__)) static __inline__ {declarator} {{ {returned}{value}; }}"
        ))
    }

    fn declarator(&self) -> String {
        let parameters = self.parameters.iter().enumerate();
        let parameters = parameters
            .map(|(number, Parameter { ctype, .. })| format!("__typeof__({ctype}) _cgo_{number}"));
        let mut parameters: Vec<String> = parameters.collect();
        if self.variadic {
            parameters.push("...".to_string());
        }
        let parameters = match parameters.is_empty() {
            true => "void".to_string(),
            false => parameters.join(", "),
        };
        format!(
            "__typeof__({}) {}({parameters})",
            self.result,
            self.function()
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

/// Whether no bracket closes that does not open, and nothing ends.
fn is_whole(text: &str) -> bool {
    let mut depth = 0usize;
    text.chars().all(|character| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return false,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        character != ';'
    })
}

/// The type and the name of a parameter.
fn parameter(text: &str) -> Parameter {
    let tokens = tokens(text);
    let Some(name) = name_in(&tokens) else {
        return Parameter {
            ctype: text.to_string(),
            name: None,
        };
    };
    let (before, after) = (&text[..name.start], &text[name.end()..]);
    Parameter {
        ctype: [before, after].concat().trim_end().to_string(),
        name: Some(name.text.to_string()),
    }
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
    use crate::declarations::declared;

    fn read(text: &str) -> Result<Prototype, Message> {
        Prototype::read(Prototyped::Macro, text, Place { line: 1, column: 1 })
    }

    /// What C gets for a prototype of a macro with this definition.
    fn declaration(text: &str, definition: &str) -> String {
        let names = declared(definition);
        read(text).unwrap().declaration(&names).unwrap()
    }

    #[test]
    fn a_prototype_becomes_a_function() {
        assert_eq!(
            declaration(
                "unsigned long MAX(unsigned long, int (*)(int, int), char *);",
                "#define MAX(a, f, p) 1\n"
            ),
            "__attribute__((__unused__)) static __inline__ __typeof__(unsigned long) _cgo_macro_MAX(__typeof__(unsigned long) _cgo_0, \
             __typeof__(int (*)(int, int)) _cgo_1, __typeof__(char *) _cgo_2) { return MAX(_cgo_0, _cgo_1, _cgo_2); }"
        );
        let clear = declaration("void CLEAR(void)", "#define CLEAR() x = 0\n");
        assert!(clear.ends_with("_cgo_macro_CLEAR(void) { CLEAR(); }"));
        let limit = declaration("long LIMIT()", "#define LIMIT 3\n");
        assert!(limit.ends_with("_cgo_macro_LIMIT(void) { return LIMIT; }"));
        assert_eq!(read("char *NAME()").unwrap().result, "char *");
    }

    #[test]
    fn a_prototype_of_a_function_is_a_declaration() {
        let place = Place { line: 1, column: 1 };
        let log = Prototype::read(
            Prototyped::Function,
            "int log(const char *form, ...)",
            place,
        );
        assert_eq!(
            log.unwrap().declaration(&Names::default()).unwrap(),
            "extern __typeof__(int) _cgo_prototype_log(__typeof__(const char *) _cgo_0, ...);"
        );
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
            (
                "void *p __attribute__((unused))",
                "void * __attribute__((unused))",
            ),
            ("int (*f)(int x, char *)", "int (*)(int x, char *)"),
            ("int (*)(int x)", "int (*)(int x)"),
            ("int (int x)", "int (int x)"),
            ("int numbers[3]", "int [3]"),
            ("__typeof__(x) y", "__typeof__(x)"),
            ("__typeof__(x)", "__typeof__(x)"),
        ] {
            assert_eq!(super::parameter(parameter).ctype, ctype);
        }
    }

    #[test]
    fn a_function_pointer_as_the_result_wants_a_typedef() {
        let message = read("void (*HANDLER(int))(int)").unwrap_err();
        assert!(message.helps[0].contains("typedef"), "{message}");
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
            "int MAX(int, ...)",
            "int MAX(int, void)",
            "int MAX(int), MIN(int)",
            "int MAX(int); int MIN(int)",
            "int MAX(int) __attribute__((x))",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
