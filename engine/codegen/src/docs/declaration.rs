//! Reads what the documentation needs from a declaration: its text on one line, its first line, the names of parameters.

use cgo_csyntax::brackets::group_end;
use cgo_csyntax::declarations::declarator::parameters;
use cgo_csyntax::declarations::keywords::{
    is_attribute, is_qualifier, is_type_operator, is_type_word,
};
use cgo_csyntax::declarations::names::{Names, TokenRange};
use cgo_csyntax::lexer::{Token, TokenKind};
use cgo_csyntax::selection::{BoundItem, ItemKind};

/// Longer declarations are cut. The headers have the rest.
const LONGEST: usize = 1500;

/// A declaration on one line, without the `#define`s inside of it. White space is reduced to single blanks.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        // A line may have thousands of names without a blank.
        let line = line.trim();
        let shown = start(line, 4 * LONGEST);
        for word in shown.split_whitespace() {
            if !tidy.is_empty() {
                tidy.push(' ');
            }
            tidy.push_str(word);
            if tidy.len() > LONGEST {
                break;
            }
        }
        if tidy.len() > LONGEST || shown.len() < line.len() {
            tidy.truncate(start(&tidy, LONGEST).len());
            tidy.push_str(" ...");
            return tidy;
        }
    }
    tidy
}

/// The start of the text, at most so many bytes.
fn start(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rfind(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

/// The line that the item's declaration starts on. The name of a type or a function may be some lines below.
pub fn first_line(names: &Names<'_>, item: &BoundItem) -> usize {
    let whole = matches!(
        item.kind,
        ItemKind::TypeName | ItemKind::FunctionOrVariable(_)
    );
    // A comment above thousands of names is not about one of them.
    let is_short = |declaration: &TokenRange| names.text(*declaration).len() < 4 * LONGEST;
    let declaration = item.declaration.filter(|range| whole && is_short(range));
    let first = declaration.and_then(|range| names.tokens(range).first());
    // Another file, included inside of the declaration, has its own lines.
    let first = first.filter(|first| first.place.file == item.place.file);
    first.map_or(item.place.line, |first| {
        first.place.line.min(item.place.line)
    }) as usize
}

/// The argument of `__attribute__((target(..)))`.
pub fn target(declaration: &[Token<'_>]) -> Option<String> {
    let mut windows = declaration.windows(3);
    let found = windows
        .find(|window| window[1].is(b'(') && window[0].text.trim_matches('_') == "target")?;
    (found[2].kind == TokenKind::Literal).then(|| found[2].text.to_string())
}

/// The text of `deprecated("..")`; `None` if there is none, or one with escapes that Rust does not have.
pub fn deprecation(declaration: &[Token<'_>]) -> Option<String> {
    let mut windows = declaration.windows(3);
    let found = windows
        .find(|window| window[1].is(b'(') && window[0].text.trim_matches('_') == "deprecated")?;
    let at = declaration
        .iter()
        .position(|token| token.start == found[2].start)?;
    let literals = declaration[at..].iter().map(|token| token.text);
    let mut text = String::new();
    for literal in literals.take_while(|literal| literal.starts_with('"')) {
        let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
        let mut characters = inside.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\\' => match characters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    plain @ ('"' | '\'' | '\\' | '?') => plain,
                    _ => return None,
                },
                plain => plain,
            });
        }
    }
    (!text.is_empty()).then_some(text)
}

/// The names of the parameters of `function` in its declaration, `None` for one without a name. `is_type` knows the typedefs.
pub fn parameter_names(
    declaration: &[Token<'_>],
    function: &str,
    is_type: &dyn Fn(&str) -> bool,
) -> Vec<Option<String>> {
    parameters(declaration, function)
        .into_iter()
        .map(|parameter| parameter_name(parameter, is_type))
        .collect()
}

/// The declared name, which is the first word behind the type, stars and brackets.
fn parameter_name(tokens: &[Token<'_>], is_type: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut at = 0;
    let mut has_type = false;
    loop {
        let token = tokens.get(at)?;
        let opens = tokens.get(at + 1).is_some_and(|next| next.is(b'('));
        at += 1;
        match token.kind {
            TokenKind::Word => {
                let word = token.text;
                match word {
                    "static" => {}
                    "struct" | "union" | "enum" => {
                        has_type = true;
                        at = behind_tag(tokens, at);
                    }
                    _ if is_attribute(word) => at = group_end(tokens, at),
                    "_Atomic" | "__auto_type" if !opens => {}
                    _ if is_type_operator(word) || word == "_Atomic" => {
                        has_type = true;
                        at = group_end(tokens, at);
                    }
                    _ if is_qualifier(word) => {}
                    _ if is_type_word(word) => has_type = true,
                    _ if !has_type && is_type(word) => has_type = true,
                    // An unknown type.
                    _ if !has_type
                        && tokens
                            .get(at)
                            .is_some_and(|next| next.kind == TokenKind::Word || next.is(b'*')) =>
                    {
                        has_type = true;
                    }
                    // In the C library `__s` avoids macros of the user. In Rust it can be `s`.
                    _ => {
                        let name = word.trim_start_matches('_');
                        let is_name =
                            !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
                        return is_name.then(|| name.to_string());
                    }
                }
            }
            TokenKind::Punctuation(b'[') if tokens.get(at).is_some_and(|next| next.is(b'[')) => {
                at = group_end(tokens, at - 1);
            }
            TokenKind::Punctuation(b'*' | b'^') => {}
            // The brackets hold a declarator. If a type comes first, they hold the parameters of a function without a name.
            TokenKind::Punctuation(b'(') => {
                let inner = tokens.get(at)?.text;
                if is_type(inner) || (is_type_word(inner) && !is_qualifier(inner)) {
                    return None;
                }
            }
            _ => return None,
        }
    }
}

/// The first token behind a tag, its attributes and its braces.
fn behind_tag(tokens: &[Token<'_>], mut at: usize) -> usize {
    let mut tagged = false;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            TokenKind::Word if is_attribute(token.text) => at = group_end(tokens, at + 1),
            TokenKind::Word if !tagged => {
                tagged = true;
                at += 1;
            }
            TokenKind::Punctuation(b'{') => return group_end(tokens, at),
            _ => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use cgo_csyntax::lexer::tokens;

    fn names(text: &str) -> Vec<String> {
        let is_type = |word: &str| word.ends_with("_t") || word == "T";
        parameter_names(&tokens(text), "f", &is_type)
            .into_iter()
            .map(|name| name.unwrap_or("-".into()))
            .collect()
    }

    #[test]
    fn long_declarations_are_cut() {
        assert_eq!(tidy("enum  e {\n#define A A\n  A }"), "enum e { A }");
        let names = |blank: &str| format!("enum e {{{}}}", format!("ä,{blank}").repeat(9000));
        for text in [names(""), names(" ")] {
            let cut = tidy(&text);
            assert!(
                cut.starts_with("enum e {ä,") && cut.ends_with(" ..."),
                "{cut}"
            );
            assert!((LONGEST..LONGEST + 5).contains(&cut.len()), "{}", cut.len());
        }
        let blanks = " ".repeat(5 * LONGEST);
        assert_eq!(tidy(&format!("int{blanks} a;")), "int ...");
        assert_eq!(tidy(&format!("{blanks}int a;{blanks}")), "int a;");
    }

    #[test]
    fn what_a_deprecation_says() {
        for (text, expected) in [
            (
                "int f(void) __attribute__((deprecated(\"use g\")));",
                Some("use g"),
            ),
            (
                "__attribute__((__deprecated__(\"a \\\"b\\\" \" \"c\", \"g\"))) int f(void);",
                Some("a \"b\" c"),
            ),
            ("[[deprecated(\"use g\")]] int f(void);", Some("use g")),
            ("__attribute__((deprecated)) int f(const char *a);", None),
            ("__attribute__((deprecated(\"\\x41\"))) int f(void);", None),
            ("__attribute__((deprecated(\"\"))) int f(void);", None),
        ] {
            assert_eq!(deprecation(&tokens(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn parameters_have_their_names() {
        for (text, expected) in [
            ("int f (const char *__restrict __s, size_t n)", "s n"),
            (
                "void f(int (*cb)(int x, void *y), int a[3], struct S s)",
                "cb a s",
            ),
            (
                "void f(int, unsigned long, struct S *, uint32_t)",
                "- - - -",
            ),
            ("int f(void)", "-"),
            ("int f(const char *format, ...)", "format"),
            ("int f(a, b, c) int a; char *b;", "a b c"),
            (
                "int f(int (a), int (*(b)), char *(*c)[3], int ((*d))(int z))",
                "a b c d",
            ),
            (
                "int f(int (T), int (void), int (*)(int x), int (T x), int g(int y))",
                "- - - - g",
            ),
            (
                "void f(int a[static 3], int [const], double x[n][m], int (*)[5])",
                "a - x -",
            ),
            ("int (f)(int p, T T, T)", "p T -"),
            ("int (*(f)(int code, void *data))(int inner)", "code data"),
            (
                "int f(struct only_here { int x; } *p, enum { A } e, union u, union __attribute__((x)) v *w)",
                "p e - w",
            ),
            (
                "int f(int a __attribute__((unused)), [[maybe_unused]] int b, __typeof__(int) c, _Atomic(int) d, _Atomic int e)",
                "a b c d e",
            ),
            (
                "int f(unknown name, other *pointer, short, _BitInt(7) g, int _, int __)",
                "name pointer - g - -",
            ),
            (
                "f(unsigned const *const restrict p, int *_Nonnull q, register x)",
                "p q x",
            ),
        ] {
            assert_eq!(names(text).join(" "), expected, "{text}");
        }
    }
}
