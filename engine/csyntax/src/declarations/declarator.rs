//! Finds the declarators of a declaration, its attributes, and the parameters of a function.

use crate::brackets::group_end;
use crate::declarations::keywords::is_attribute;
use crate::lexer::{Token, TokenKind};

/// The declarators between the commas, without their initializers. The first one includes the specifiers, which all of them share.
pub fn declarators<'a, 't>(declared: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let (mut depth, mut start, mut found) = (0usize, 0, Vec::new());
    let mut value = None;
    for (at, token) in declared.iter().enumerate() {
        match token.kind {
            TokenKind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
            TokenKind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            TokenKind::Punctuation(b'=') if depth == 0 => value = value.or(Some(at)),
            TokenKind::Punctuation(b',') if depth == 0 => {
                found.push(&declared[start..value.take().unwrap_or(at)]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&declared[start..value.unwrap_or(declared.len())]);
    found
}

/// The words of all attributes in a declaration, without the underscores around them.
pub fn attribute_words<'t>(declared: &[Token<'t>]) -> Vec<&'t str> {
    let (mut words, mut at) = (Vec::new(), 0);
    while let Some(token) = declared.get(at) {
        let opens = |at: usize| declared.get(at).is_some_and(|next| next.is(b'['));
        let end = match token.kind {
            TokenKind::Word if is_attribute(token.text) => group_end(declared, at + 1),
            TokenKind::Punctuation(b'[') if opens(at + 1) => group_end(declared, at),
            _ => {
                at += 1;
                continue;
            }
        };
        let group = declared[at..end].iter();
        let group = group.filter(|token| token.kind == TokenKind::Word);
        words.extend(group.map(|word| word.text.trim_matches('_')));
        at = end;
    }
    words
}

/// The words of a declaration that has nothing else but attributes: `__attribute__((noreturn)) handler f`.
pub fn bare_words<'t>(declared: &[Token<'t>]) -> Option<Vec<&'t str>> {
    let (mut words, mut at) = (Vec::new(), 0);
    while let Some(token) = declared.get(at) {
        match token.kind {
            TokenKind::Word if is_attribute(token.text) => at = group_end(declared, at + 1),
            TokenKind::Word => {
                words.push(token.text);
                at += 1;
            }
            _ => return None,
        }
    }
    Some(words)
}

/// Whether parentheses behind its name declare `function`, and not a typedef before it.
pub fn has_parentheses(tokens: &[Token<'_>], function: &str) -> bool {
    opening_parenthesis(tokens, function).is_some()
}

/// The parenthesis that opens the parameters of `function`: of `f(`, or of `(f)(` if brackets keep a macro of that name from being expanded.
fn opening_parenthesis(tokens: &[Token<'_>], function: &str) -> Option<usize> {
    let mut named = (0..tokens.len()).filter(|&at| tokens[at].text == function);
    named.find_map(|at| {
        let behind = tokens[at + 1..].iter().position(|token| !token.is(b')'))?;
        let open = at + 1 + behind;
        tokens[open].is(b'(').then_some(open)
    })
}

/// The parameters of `function` in its declaration, without the `...`.
pub fn parameters<'a, 't>(tokens: &'a [Token<'t>], function: &str) -> Vec<&'a [Token<'t>]> {
    let Some(open) = opening_parenthesis(tokens, function) else {
        return Vec::new();
    };
    let mut parameters = Vec::new();
    let (mut depth, mut start) = (0usize, open + 1);
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
            TokenKind::Punctuation(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        let ends = depth == 0;
        if ends || (depth == 1 && token.is(b',')) {
            let parameter = &tokens[start..index];
            if !parameter.iter().all(|token| token.is(b'.')) {
                parameters.push(parameter);
            }
            start = index + 1;
        }
        if ends {
            break;
        }
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    #[test]
    fn words_outside_of_attributes() {
        let words = bare_words(&tokens("extern handler f __attribute__((noreturn))"));
        assert_eq!(words, Some(vec!["extern", "handler", "f"]));
        for text in ["handler *f", "handler f, g", "void f(void)"] {
            assert_eq!(bare_words(&tokens(text)), None, "{text}");
        }
    }

    #[test]
    fn parentheses_of_a_function() {
        for text in ["int f()", "int *(f)( )", "struct f f()", "int f(void)"] {
            assert!(has_parentheses(&tokens(text), "f"), "{text}");
        }
        for text in ["type f", "__typeof__(g) f __attribute__((noreturn))"] {
            assert!(!has_parentheses(&tokens(text), "f"), "{text}");
        }
    }
}
