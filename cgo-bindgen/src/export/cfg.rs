//! Decides a `#[cfg(..)]` as rustc does: the Rust reference, "Conditional compilation".

use super::cursor::split_at_commas;
use super::lexer::Token;
use crate::environment::Cfg;
use crate::rust_literal;

/// Whether what stands in the brackets of `cfg(..)` holds. What is no predicate does not.
pub(super) fn holds(predicate: &[Token], cfgs: &[Cfg]) -> bool {
    let word = predicate.first().map_or("", |token| token.text.as_str());
    match predicate {
        [_] if word == "true" => true,
        [_] => cfgs
            .iter()
            .any(|cfg| cfg.name == word && cfg.value.is_none()),
        [_, equals, value] if equals.is("=") => {
            let value = rust_literal::value(&value.text);
            cfgs.iter()
                .any(|cfg| cfg.name == word && cfg.value == value)
        }
        [_, open, inside @ .., _] if open.is("(") => {
            let mut parts = split_at_commas(inside)
                .into_iter()
                .map(|part| holds(&inside[part], cfgs));
            match word {
                "all" => parts.all(|holds| holds),
                "any" => parts.any(|holds| holds),
                "not" => !parts.any(|holds| holds),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::lexer::tokens;

    #[test]
    fn predicates() {
        let cfg = |name: &str, value: Option<&str>| Cfg {
            name: name.to_string(),
            value: value.map(str::to_string),
        };
        let cfgs = [
            cfg("unix", None),
            cfg("target_os", Some("linux")),
            cfg("feature", Some("a")),
        ];
        let decide = |text: &str| holds(&tokens(text), &cfgs);
        for text in [
            "unix",
            "target_os = \"linux\"",
            "all(unix, feature = \"a\")",
            "any(windows, not(test))",
            "all()",
            "true",
        ] {
            assert!(decide(text), "{text}");
        }
        for text in [
            "windows",
            "feature = \"b\"",
            "not(unix)",
            "any()",
            "",
            "false",
            "target_os",
        ] {
            assert!(!decide(text), "{text}");
        }
    }
}
