//! Decides whether the condition of a `#cgo` line holds.
//!
//! cgo has two forms of conditions, which are one grammar here. The operators, from the loosest to the tightest, are: a blank (OR), `||`,
//! `&&`, `,` (AND) and `!`. There are parentheses too. So `linux,amd64 darwin` and `(linux && amd64) || darwin` are the same. cgo itself
//! cuts an expression at its blanks and takes pieces without a meaning for false. Here blanks around operators are ignored, and what
//! has no meaning is an error.
//!
//! `cfg(..)` in a condition is Rust's: names, `name = "value"`, `all`, `any` and `not`. `package(zlib >= 1.2)` asks pkg-config.

use crate::directive::condition_context::ConditionContext;
use crate::directive::condition_error::ConditionError;

/// How deep parentheses may be nested: the stack has an end.
const DEEPEST: usize = 64;

/// Whether `condition` holds.
pub fn holds(condition: &str, context: ConditionContext<'_>) -> Result<bool, ConditionError> {
    let mut parser = ConditionParser {
        tokens: tokens(condition)?,
        at: 0,
        depth: 0,
        context,
    };
    let value = parser.any()?;
    match parser.peek() {
        None => Ok(value),
        Some(token) => Err(format!("unexpected `{}`", token.text()).into()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConditionToken<'a> {
    Word(&'a str),
    /// What is in quotes.
    Text(&'a str),
    /// What stands in `package(..)`.
    Package(&'a str),
    Equal,
    And,
    Or,
    Comma,
    Not,
    Open,
    Close,
}

impl<'a> ConditionToken<'a> {
    fn text(self) -> &'a str {
        match self {
            ConditionToken::Word(word)
            | ConditionToken::Text(word)
            | ConditionToken::Package(word) => word,
            ConditionToken::Equal => "=",
            ConditionToken::And => "&&",
            ConditionToken::Or => "||",
            ConditionToken::Comma => ",",
            ConditionToken::Not => "!",
            ConditionToken::Open => "(",
            ConditionToken::Close => ")",
        }
    }
}

fn tokens(condition: &str) -> Result<Vec<ConditionToken<'_>>, String> {
    let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
    let mut tokens = Vec::new();
    let mut rest = condition.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '&' if rest.starts_with("&&") => (ConditionToken::And, 2),
            '|' if rest.starts_with("||") => (ConditionToken::Or, 2),
            '&' | '|' => {
                return Err(format!("expected `{first}{first}`, found `{first}`"));
            }
            ',' => (ConditionToken::Comma, 1),
            '!' => (ConditionToken::Not, 1),
            '(' => (ConditionToken::Open, 1),
            ')' => (ConditionToken::Close, 1),
            '=' => (ConditionToken::Equal, 1),
            '"' => {
                let (text, _) = rest[1..].split_once('"').ok_or("missing `\"`")?;
                (ConditionToken::Text(text), text.len() + 2)
            }
            _ => match rest
                .find(|character| !in_word(character))
                .unwrap_or(rest.len())
            {
                0 => return Err(format!("unexpected character `{first}`")),
                length
                    if &rest[..length] == "package"
                        && rest[length..].trim_start().starts_with('(') =>
                {
                    let (package, behind) = package(&rest[length..])?;
                    (ConditionToken::Package(package), rest.len() - behind.len())
                }
                length => (ConditionToken::Word(&rest[..length]), length),
            },
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The text in the brackets that `rest` starts with, and what comes behind them.
fn package(rest: &str) -> Result<(&str, &str), String> {
    let inside = rest.trim_start().strip_prefix('(').unwrap_or_default();
    let (package, behind) = inside.split_once(')').ok_or("missing `)`")?;
    match package.trim() {
        "" => Err("expected the name of a package in `package(..)`".to_string()),
        package => Ok((package, behind)),
    }
}

struct ConditionParser<'a> {
    tokens: Vec<ConditionToken<'a>>,
    at: usize,
    depth: usize,
    context: ConditionContext<'a>,
}

impl<'a> ConditionParser<'a> {
    fn peek(&self) -> Option<ConditionToken<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn take(&mut self, wanted: ConditionToken<'_>) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Alternatives with blanks between them.
    fn any(&mut self) -> Result<bool, ConditionError> {
        let mut value = self.or()?;
        while matches!(
            self.peek(),
            Some(
                ConditionToken::Word(_)
                    | ConditionToken::Package(_)
                    | ConditionToken::Not
                    | ConditionToken::Open
            )
        ) {
            value |= self.or()?;
        }
        Ok(value)
    }

    fn or(&mut self) -> Result<bool, ConditionError> {
        let mut value = self.and()?;
        while self.take(ConditionToken::Or) {
            value |= self.and()?;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, ConditionError> {
        let mut value = self.list()?;
        while self.take(ConditionToken::And) {
            value &= self.list()?;
        }
        Ok(value)
    }

    /// `a,b,!c`.
    fn list(&mut self) -> Result<bool, ConditionError> {
        let mut value = self.unit()?;
        while self.take(ConditionToken::Comma) {
            value &= self.unit()?;
        }
        Ok(value)
    }

    fn unit(&mut self) -> Result<bool, ConditionError> {
        let mut negated = false;
        while self.take(ConditionToken::Not) {
            negated = !negated;
        }
        let Some(token) = self.peek() else {
            let message = "expected the name of a system or a processor, found the end";
            return Err(message.to_string().into());
        };
        self.at += 1;
        let value = match token {
            ConditionToken::Word("cfg") if self.take(ConditionToken::Open) => {
                let value = self.nested(Self::predicate)?;
                self.take(ConditionToken::Comma);
                self.close()?;
                value
            }
            ConditionToken::Word(word) => self.context.word(word)?,
            ConditionToken::Package(package) => (self.context.has_package)(package),
            ConditionToken::Open => {
                let value = self.nested(Self::any)?;
                self.close()?;
                value
            }
            other => {
                let text = other.text();
                return Err(format!(
                    "expected the name of a system or a processor, found `{text}`"
                )
                .into());
            }
        };
        Ok(value != negated)
    }

    fn nested(
        &mut self,
        inside: fn(&mut Self) -> Result<bool, ConditionError>,
    ) -> Result<bool, ConditionError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("parentheses are nested too deeply".to_string().into());
        }
        let value = inside(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn close(&mut self) -> Result<(), ConditionError> {
        match self.take(ConditionToken::Close) {
            true => Ok(()),
            false => Err("missing `)`".to_string().into()),
        }
    }

    /// What stands in `cfg(..)`.
    fn predicate(&mut self) -> Result<bool, ConditionError> {
        let name = match self.peek() {
            Some(ConditionToken::Word(name)) => name,
            Some(token) => {
                return Err(format!("expected a name in `cfg`, found `{}`", token.text()).into());
            }
            None => return Err("missing `)`".to_string().into()),
        };
        self.at += 1;
        if self.take(ConditionToken::Equal) {
            let Some(ConditionToken::Text(value)) = self.peek() else {
                return Err(format!("expected a value in quotes after `{name} =`").into());
            };
            self.at += 1;
            return self.context.value(name, value);
        }
        if !self.take(ConditionToken::Open) {
            return self.context.name(name);
        }
        let mut values = Vec::new();
        while self.peek() != Some(ConditionToken::Close) {
            values.push(self.nested(Self::predicate)?);
            if !self.take(ConditionToken::Comma) {
                break;
            }
        }
        self.close()?;
        match (name, &values[..]) {
            ("all", values) => Ok(!values.contains(&false)),
            ("any", values) => Ok(values.contains(&true)),
            ("not", [value]) => Ok(!value),
            ("not", _) => Err("`not` takes one condition".to_string().into()),
            _ => Err(format!("expected `all`, `any` or `not`, found `{name}`").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfg::{Cfg, KnownCfg};
    use crate::target::Target;

    fn target(triple: &str, os: &str, arch: &str, env: &str) -> Target {
        Target {
            triple: triple.to_string(),
            os: os.to_string(),
            arch: arch.to_string(),
            env: env.to_string(),
            families: vec![if os == "windows" { "windows" } else { "unix" }.to_string()],
            ..Target::default()
        }
    }

    fn of_target(condition: &str, target: &Target) -> Result<bool, ConditionError> {
        let context = ConditionContext {
            target,
            cfgs: &[],
            known: None,
            has_package: &|_| false,
            variable: &|_| None,
        };
        holds(condition, context)
    }

    fn on_linux(condition: &str) -> bool {
        let target = target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu");
        of_target(condition, &target).unwrap()
    }

    /// In a crate with the features `stats`, which is on, and `slow-path`, and with a `cfg` of its build script.
    fn in_crate(condition: &str) -> Result<bool, ConditionError> {
        let cfg = |name: &str, value: Option<&str>| Cfg {
            name: name.to_string(),
            value: value.map(str::to_string),
        };
        let known = |name: &str, values: &[&str]| KnownCfg {
            name: name.to_string(),
            values: Some(values.iter().map(|value| value.to_string()).collect()),
        };
        let target = target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu");
        let cfgs = [
            cfg("feature", Some("stats")),
            cfg("unix", None),
            cfg("target_os", Some("linux")),
            cfg("target_env", Some("gnu")),
        ];
        let known = [
            known("feature", &["stats", "slow-path"]),
            known("has_zlib", &[]),
        ];
        let context = ConditionContext {
            target: &target,
            cfgs: &cfgs,
            known: Some(&known),
            has_package: &|package| package == "zlib >= 1.2",
            variable: &|_| None,
        };
        holds(condition, context)
    }

    #[test]
    fn cfg_is_rusts() {
        for (condition, value) in [
            (r#"cfg(feature = "stats")"#, true),
            (r#"cfg(feature = "slow-path")"#, false),
            (r#"cfg(all(unix, not(target_env = "musl")))"#, true),
            (r#"cfg(any(windows, target_os = "macos",))"#, false),
            ("cfg(all())", true),
            ("cfg(any())", false),
            ("cfg(has_zlib)", false),
            ("cfg(not(has_zlib)) && amd64", true),
            ("!cfg(unix) linux,cfg(true)", true),
            ("cfg(debug_assertions)", false),
        ] {
            assert_eq!(in_crate(condition), Ok(value), "{condition}");
        }
    }

    #[test]
    fn a_package_is_asked_for() {
        for (condition, value) in [
            ("package(zlib >= 1.2)", true),
            ("linux && !package( zlib >= 1.3 )", true),
            ("package(zlib)||windows", false),
            ("windows package(zlib >= 1.2)", true),
        ] {
            assert_eq!(in_crate(condition), Ok(value), "{condition}");
        }
        assert!(in_crate("package()").is_err() && in_crate("package(zlib").is_err());
    }

    #[test]
    fn a_tag_of_go_is_a_feature() {
        assert_eq!(in_crate("stats && linux"), Ok(true));
        assert_eq!(in_crate("!has_zlib"), Ok(true));
    }

    #[test]
    fn a_word_that_means_nothing_is_an_error() {
        for (condition, meant) in [
            ("linxu", Some("linux")),
            ("!windos", Some("windows")),
            ("statts", Some("stats")),
            ("linux || nothing_like_it", None),
            (r#"cfg(feature = "slowpath")"#, Some("slow-path")),
            (r#"cfg(target_os = "linxu")"#, Some("linux")),
            ("cfg(has_zlb)", Some("has_zlib")),
            (r#"cfg(featur = "stats")"#, Some("feature")),
        ] {
            match in_crate(condition) {
                Err(ConditionError::Unknown { similar, .. }) => {
                    assert_eq!(similar.as_deref(), meant, "{condition}");
                }
                other => panic!("{condition}: {other:?}"),
            }
        }
        // What rustc was not told cannot be judged.
        assert!(!on_linux("linxu"));
    }

    #[test]
    fn a_cfg_has_a_value_or_has_none() {
        for (condition, write) in [
            (r#"cfg(unix = "x")"#, "write `cfg(unix)`"),
            (
                r#"cfg(not(debug_assertions = ""))"#,
                "write `cfg(debug_assertions)`",
            ),
            (r#"cfg(has_zlib = "1")"#, "write `cfg(has_zlib)`"),
            ("cfg(feature)", r#"write `cfg(feature = "..")`"#),
            ("cfg(target_os)", r#"write `cfg(target_os = "..")`"#),
        ] {
            match in_crate(condition) {
                Err(ConditionError::Value { help, .. }) => assert_eq!(help, write, "{condition}"),
                other => panic!("{condition}: {other:?}"),
            }
        }
        for condition in [
            r#"cfg(target_endian = "small")"#,
            r#"cfg(target_pointer_width = "65")"#,
            r#"cfg(panic = "aborts")"#,
            r#"cfg(feature = "")"#,
        ] {
            let result = in_crate(condition);
            assert!(
                matches!(result, Err(ConditionError::Unknown { .. })),
                "{condition}: {result:?}"
            );
        }
        assert_eq!(in_crate(r#"cfg(target_env = "")"#), Ok(false));
        assert_eq!(in_crate("cfg(target_has_atomic)"), Ok(false));
    }

    #[test]
    fn cfg_has_rusts_syntax() {
        for (condition, said) in [
            ("cfg(not(unix, windows))", "`not` takes one condition"),
            (
                "cfg(none(unix))",
                "expected `all`, `any` or `not`, found `none`",
            ),
            ("cfg(feature = stats)", "expected a value in quotes"),
            ("cfg(unix", "missing `)`"),
            ("cfg(unix windows)", "missing `)`"),
            ("cfg()", "expected a name in `cfg`"),
        ] {
            match in_crate(condition) {
                Err(ConditionError::Syntax(why)) => {
                    assert!(why.contains(said), "{condition}: {why}")
                }
                other => panic!("{condition}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_blank_is_or_a_comma_is_and() {
        assert!(on_linux("linux windows"));
        assert!(on_linux("windows linux,amd64"));
        assert!(!on_linux("linux,arm64 windows,amd64"));
        assert!(on_linux("!windows"));
        assert!(!on_linux("!windows,arm64"));
    }

    #[test]
    fn an_expression_may_hold_blanks() {
        assert!(on_linux("linux && (amd64 || arm64)"));
        assert!(on_linux("(windows||linux)&&!arm64"));
        assert!(!on_linux("linux && arm64"));
        assert!(on_linux("! windows"));
        assert!(on_linux("windows && arm64 || linux"));
    }

    #[test]
    fn names_are_rusts_or_gos() {
        for word in ["x86_64", "amd64", "linux", "gnu", "unix", "cgo", "go1.21"] {
            assert!(on_linux(word), "{word}");
        }
        for word in ["386", "windows", "musl", "gc", "gccgo", "my_tag", "go1.x"] {
            assert!(!on_linux(word), "{word}");
        }
    }

    #[test]
    fn a_system_may_be_a_kind_of_another() {
        let holds = |word: &str, triple: &str, os: &str| {
            of_target(word, &target(triple, os, "aarch64", "")).unwrap()
        };
        assert!(holds("darwin", "aarch64-apple-darwin", "macos"));
        assert!(holds("macos,arm64", "aarch64-apple-darwin", "macos"));
        assert!(holds("ios,darwin", "aarch64-apple-ios", "ios"));
        assert!(!holds("macos", "aarch64-apple-ios", "ios"));
        assert!(holds("linux,android", "aarch64-linux-android", "android"));
    }

    #[test]
    fn byte_orders_are_told_by_the_triple() {
        let power = target("powerpc64le-unknown-linux-gnu", "linux", "powerpc64", "gnu");
        assert_eq!(of_target("ppc64le,!ppc64", &power), Ok(true));
        let mips = target("mips64el-unknown-linux-gnuabi64", "linux", "mips64", "gnu");
        assert_eq!(of_target("mips64le", &mips), Ok(true));
    }

    #[test]
    fn nonsense_is_an_error() {
        for condition in [
            "", "!", "linux &", "linux &&", "(linux", "linux)", ",linux", "a-b", "||", "()",
        ] {
            assert!(
                of_target(condition, &Target::default()).is_err(),
                "{condition}"
            );
        }
        assert!(of_target(&"(".repeat(100_000), &Target::default()).is_err());
        assert_eq!(
            of_target(&("!".repeat(100_000) + "cgo"), &Target::default()),
            Ok(true)
        );
    }
}
