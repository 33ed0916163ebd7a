//! Reads what documentation wants of a declaration's text: the text on one line, parameter names.

use cgo_preamble::declarations::{is_qualifier, is_type_word};
use cgo_preamble::lexer::{Kind, Token, tokens};
use cgo_preamble::select::{Item, Subject};

/// Longer declarations are cut: the headers have the rest.
const LONGEST: usize = 1500;

/// A declaration as the preprocessor left it, without the `#define`s that stood within, spaces and breaks folded.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        for word in line.split_whitespace() {
            if !tidy.is_empty() {
                tidy.push(' ');
            }
            tidy.push_str(word);
            if tidy.len() > LONGEST {
                let end = (0..=LONGEST).rfind(|&end| tidy.is_char_boundary(end));
                tidy.truncate(end.unwrap_or(0));
                tidy.push_str(" ...");
                return tidy;
            }
        }
    }
    tidy
}

/// The line that the item's declaration starts on. A type's or a function's name may stand lines below.
pub fn first_line(item: &Item, text: &str) -> usize {
    let line = item.place.line as usize;
    let whole = matches!(item.subject, Subject::TypeName | Subject::Object(_));
    // Names by the thousand in one declaration have no comment that is about one of them.
    let short = |(start, end): &(usize, usize)| end - start < 4 * LONGEST;
    let Some((start, end)) = item.text.filter(|text| whole && short(text)) else {
        return line;
    };
    let declared = tokens(&text[start..end]);
    let name = declared.iter().rfind(|token| token.text == item.name);
    let before = name.map_or("", |name| &text[start..start + name.start]);
    // A line marker in between counts anew, from where nobody knows.
    match before.contains("\n#") {
        true => line,
        false => line.saturating_sub(before.matches('\n').count()),
    }
}

/// What stands in `__attribute__((target(..)))`.
pub fn target(text: &str) -> Option<String> {
    if !text.contains("target") {
        return None;
    }
    let tokens = tokens(text);
    let at = tokens
        .windows(3)
        .find(|w| w[0].text.trim_matches('_') == "target" && w[1].is(b'('))?;
    (at[2].kind == Kind::Literal).then(|| at[2].text.to_string())
}

/// The names of the parameters of `function` in its declaration; `None` for one without a name.
pub fn parameter_names(text: &str, function: &str) -> Vec<Option<String>> {
    let tokens = tokens(text);
    let at = tokens
        .windows(2)
        .position(|pair| pair[0].text == function && pair[1].is(b'('));
    let Some(at) = at else { return Vec::new() };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0usize, at + 2);
    for (index, token) in tokens.iter().enumerate().skip(at + 1) {
        match token.kind {
            Kind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
            Kind::Punctuation(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        let ends = depth == 0;
        if ends || (depth == 1 && token.is(b',')) {
            let parameter = &tokens[start..index];
            if !parameter.iter().all(|token| token.is(b'.')) {
                names.push(parameter_name(parameter));
            }
            start = index + 1;
        }
        if ends {
            break;
        }
    }
    names
}

/// In `int (*name)(int)` the word after the star in parentheses, else the last word that is no part of the type.
fn parameter_name(tokens: &[Token<'_>]) -> Option<String> {
    let pointer = tokens
        .windows(3)
        .find(|w| w[0].is(b'(') && w[1].is(b'*') && w[2].kind == Kind::Word);
    let mut depth = 0usize;
    let mut plain = None;
    let mut words = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
            Kind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            Kind::Word
                if depth == 0
                    && !is_qualifier(token.text)
                    && !token.text.starts_with("__attribute") =>
            {
                words += 1;
                let after_keyword =
                    index > 0 && matches!(tokens[index - 1].text, "struct" | "union" | "enum");
                plain = (!is_type_word(token.text) && !after_keyword).then_some(token.text);
            }
            _ => {}
        }
    }
    let word = match pointer {
        Some(window) => window[2].text,
        None if words > 1 => plain?,
        None => return None,
    };
    // `__s` keeps out of the way of macros in C's library; here it may be called by its name.
    let name = word.trim_start_matches('_');
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        parameter_names(text, "f")
            .into_iter()
            .map(|name| name.unwrap_or("-".into()))
            .collect()
    }

    #[test]
    fn parameters_have_their_names() {
        assert_eq!(
            names("int f (const char *__restrict __s, size_t n)"),
            ["s", "n"]
        );
        assert_eq!(
            names("void f(int (*cb)(int, void *), int a[3], struct S s)"),
            ["cb", "a", "s"]
        );
        assert_eq!(
            names("void f(int, unsigned long, struct S *, uint32_t)"),
            ["-", "-", "-", "-"]
        );
        assert_eq!(names("int f(void)"), ["-"]);
        assert_eq!(names("int f(const char *format, ...)"), ["format"]);
    }
}
