//! Decides a `#[cfg(..)]` as rustc does: the Rust reference, "Conditional compilation".

use super::cursor::{behind_group, inside_group, split_at_commas};
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

/// The tokens with the attributes that each `#[cfg_attr(predicate, attribute, ..)]` stands for.
pub(super) fn without_cfg_attr(tokens: Vec<Token>, cfgs: &[Cfg]) -> Vec<Token> {
    let starts = |at: usize| {
        let start = tokens.get(at..at + 4).unwrap_or_default();
        let text = |at: usize, text: &str| start.get(at).is_some_and(|token| token.is(text));
        text(0, "#") && text(1, "[") && text(2, "cfg_attr") && text(3, "(")
    };
    let Some(first) = (0..tokens.len()).find(|&at| starts(at)) else {
        return tokens;
    };
    let mut output = tokens[..first].to_vec();
    let inside = &tokens[inside_group(&tokens, first + 3)];
    let mut parts = split_at_commas(inside).into_iter();
    if parts.next().is_some_and(|part| holds(&inside[part], cfgs)) {
        let (open, close) = (
            &tokens[first..first + 2],
            behind_group(&tokens, first + 1) - 1,
        );
        for part in parts {
            output.extend_from_slice(open);
            output.extend_from_slice(&inside[part]);
            output.push(tokens[close].clone());
        }
    }
    output.extend_from_slice(&tokens[behind_group(&tokens, first + 1)..]);
    without_cfg_attr(output, cfgs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::lexer::tokens;

    #[test]
    fn conditional_attributes() {
        let unix = Cfg {
            name: "unix".to_string(),
            value: None,
        };
        for (source, expected) in [
            ("#[cfg_attr(unix, a, b(c))] fn f()", "#[a] #[b(c)] fn f()"),
            ("x #[cfg_attr(windows, a)] fn", "x fn"),
            ("#[cfg_attr(unix, cfg_attr(all(unix), a))]", "#[a]"),
            ("#[cfg_attr(unix)]", ""),
        ] {
            let read = without_cfg_attr(tokens(source), std::slice::from_ref(&unix));
            let texts = |tokens: Vec<Token>| tokens.into_iter().map(|t| t.text).collect::<Vec<_>>();
            assert_eq!(texts(read), texts(tokens(expected)), "{source}");
        }
    }

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
