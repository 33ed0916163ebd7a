//! Finds the name that a declaration gives a function or variable for the assembler: `static int f(void) __asm__("g");`.

use crate::brackets::group_end;
use crate::declarations::names::Names;
use crate::lexer::{Token, TokenKind};

/// The string literals of the name, as C writes them.
pub fn of(names: &Names<'_>, name: &str) -> Option<String> {
    let declared = names.ordinary(name)?;
    let others = declared.redeclarations.iter().map(|(_, range)| *range);
    let mut all = [declared.declaration].into_iter().chain(others);
    all.find_map(|range| in_declaration(names.tokens(range), name))
}

fn in_declaration(tokens: &[Token<'_>], name: &str) -> Option<String> {
    let mut at = tokens.iter().position(|token| token.text == name)?;
    while let Some(token) = tokens.get(at) {
        at = match token.kind {
            // Another declarator follows, or an initializer.
            TokenKind::Punctuation(b',' | b'=') => return None,
            TokenKind::Punctuation(b'(' | b'[' | b'{') => group_end(tokens, at),
            TokenKind::Word if token.text.trim_matches('_') == "asm" => {
                let literals = tokens.get(at + 2..)?.iter();
                let literals = literals.take_while(|token| token.kind == TokenKind::Literal);
                let literals: Vec<&str> = literals.map(|token| token.text).collect();
                return Some(literals.join(" "));
            }
            _ => at + 1,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    #[test]
    fn a_label_belongs_to_its_declarator() {
        for (text, expected) in [
            ("static int f(void) __asm__(\"g\");", Some("\"g\"")),
            ("static int f asm(\"_\" \"g\") = 3, h", Some("\"_\" \"g\"")),
            (
                "static int h __asm(\"i\"), (*f[2])(int a, int b) __asm(\"g\")",
                Some("\"g\""),
            ),
            ("static int f, g __asm__(\"h\");", None),
            ("static int f(void)", None),
        ] {
            assert_eq!(
                in_declaration(&tokens(text), "f").as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
