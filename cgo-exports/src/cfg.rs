//! Decides a `#[cfg(..)]` as rustc does: the Rust reference, "Conditional compilation".

use crate::Cfg;
use crate::cursor::{behind_group, inside_group, split_at_commas};
use crate::lexer::Token;
use crate::rust_literal;

/// Whether what stands in the brackets of `cfg(..)` holds. What is no predicate does not.
pub(crate) fn holds(predicate: &[Token], cfgs: &[Cfg]) -> bool {
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
pub(crate) fn without_cfg_attr(tokens: Vec<Token>, cfgs: &[Cfg]) -> Vec<Token> {
    let mut output = Vec::with_capacity(tokens.len());
    add_without_cfg_attr(&tokens, cfgs, &mut output);
    output
}

/// Calls itself only for what stands in the brackets of an attribute.
fn add_without_cfg_attr(tokens: &[Token], cfgs: &[Cfg], output: &mut Vec<Token>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if !starts_cfg_attr(&tokens[at..]) {
            output.push(token.clone());
            at += 1;
            continue;
        }
        let inside = &tokens[inside_group(tokens, at + 3)];
        let end = behind_group(tokens, at + 1);
        let (open, close) = (&tokens[at..at + 2], &tokens[end - 1]);
        let mut parts = split_at_commas(inside).into_iter();
        if parts.next().is_some_and(|part| holds(&inside[part], cfgs)) {
            for part in parts {
                let attribute = [open, &inside[part], std::slice::from_ref(close)].concat();
                add_without_cfg_attr(&attribute, cfgs, output);
            }
        }
        at = end;
    }
}

fn starts_cfg_attr(tokens: &[Token]) -> bool {
    let start = ["#", "[", "cfg_attr", "("];
    tokens.len() >= start.len() && tokens.iter().zip(start).all(|(token, text)| token.is(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

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
