//! Decides whether the condition of a `#cgo` line holds for the target.
//!
//! cgo has two forms of conditions, which are one grammar here. The operators, from the loosest to the tightest, are: a blank (OR), `||`,
//! `&&`, `,` (AND) and `!`. There are parentheses too. So `linux,amd64 darwin` and `(linux && amd64) || darwin` are the same. cgo itself
//! cuts an expression at its blanks and takes pieces without a meaning for false. Here blanks around operators are ignored, and what
//! has no meaning is an error.
//!
//! A word is true if it is Rust's or Go's name of the target's system or processor, the first part of its triple
//! (`armv7`, `powerpc64le`), its `target_env` (`gnu`, `musl`, `msvc`) or one of its families (`unix`). `cgo` is true,
//! and so is every `go1.N`: such a line asks for a cgo that is new enough. Every other word is false, as a build tag
//! that is not set: `gc` and `gccgo` are, and the names of other systems.

use crate::target::Target;

/// How deep parentheses may be nested: the stack has an end.
const DEEPEST: usize = 64;

/// Whether `condition` holds for `target`, or why it cannot be read.
pub fn holds(condition: &str, target: &Target) -> Result<bool, String> {
    let mut parser = ConditionParser {
        tokens: tokens(condition)?,
        at: 0,
        depth: 0,
        target,
    };
    let value = parser.any()?;
    match parser.peek() {
        None => Ok(value),
        Some(token) => Err(format!("unexpected `{}`", token.text())),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConditionToken<'a> {
    Word(&'a str),
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
            ConditionToken::Word(word) => word,
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
            _ => match rest
                .find(|character| !in_word(character))
                .unwrap_or(rest.len())
            {
                0 => return Err(format!("unexpected character `{first}`")),
                length => (ConditionToken::Word(&rest[..length]), length),
            },
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

struct ConditionParser<'a> {
    tokens: Vec<ConditionToken<'a>>,
    at: usize,
    depth: usize,
    target: &'a Target,
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
    fn any(&mut self) -> Result<bool, String> {
        let mut value = self.or()?;
        while matches!(
            self.peek(),
            Some(ConditionToken::Word(_) | ConditionToken::Not | ConditionToken::Open)
        ) {
            value |= self.or()?;
        }
        Ok(value)
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut value = self.and()?;
        while self.take(ConditionToken::Or) {
            value |= self.and()?;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut value = self.list()?;
        while self.take(ConditionToken::And) {
            value &= self.list()?;
        }
        Ok(value)
    }

    /// `a,b,!c`.
    fn list(&mut self) -> Result<bool, String> {
        let mut value = self.unit()?;
        while self.take(ConditionToken::Comma) {
            value &= self.unit()?;
        }
        Ok(value)
    }

    fn unit(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.take(ConditionToken::Not) {
            negated = !negated;
        }
        let Some(token) = self.peek() else {
            return Err("expected the name of a system or a processor, found the end".to_string());
        };
        self.at += 1;
        let value = match token {
            ConditionToken::Word(word) => is_true(word, self.target),
            ConditionToken::Open => self.parenthesized()?,
            other => {
                let text = other.text();
                return Err(format!(
                    "expected the name of a system or a processor, found `{text}`"
                ));
            }
        };
        Ok(value != negated)
    }

    fn parenthesized(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("parentheses are nested too deeply".to_string());
        }
        let value = self.any()?;
        self.depth -= 1;
        if self.take(ConditionToken::Close) {
            Ok(value)
        } else {
            Err("missing `)`".to_string())
        }
    }
}

fn is_true(word: &str, target: &Target) -> bool {
    let named = |name: &str| !name.is_empty() && name == word;
    let triple_arch = target.triple.split('-').next().unwrap_or_default();
    named(&target.os)
        || named(&target.arch)
        || named(&target.env)
        || named(triple_arch)
        || target.families.iter().any(|family| named(family))
        || go_systems(&target.os).contains(&word)
        || named(go_processor(&target.arch, triple_arch))
        || word == "cgo"
        || word
            .strip_prefix("go1.")
            .is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Go's names of a system, and of the systems that Go counts it among.
fn go_systems(os: &str) -> &'static [&'static str] {
    match os {
        "macos" | "ios" | "tvos" | "watchos" | "visionos" => &["darwin"],
        "android" => &["linux"],
        "illumos" => &["solaris"],
        "wasi" => &["wasip1"],
        _ => &[],
    }
}

/// Go's name of a processor. Go tells byte orders apart where Rust's `target_arch` does not.
fn go_processor(arch: &str, triple_arch: &str) -> &'static str {
    let little = triple_arch.contains("le") || triple_arch.contains("el");
    match arch {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        "powerpc" => "ppc",
        "powerpc64" if little => "ppc64le",
        "powerpc64" => "ppc64",
        "mips" if little => "mipsle",
        "mips64" if little => "mips64le",
        "loongarch64" => "loong64",
        "riscv32" => "riscv",
        "wasm32" | "wasm64" => "wasm",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn on_linux(condition: &str) -> bool {
        holds(
            condition,
            &target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu"),
        )
        .unwrap()
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
            holds(word, &target(triple, os, "aarch64", "")).unwrap()
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
        assert_eq!(holds("ppc64le,!ppc64", &power), Ok(true));
        let mips = target("mips64el-unknown-linux-gnuabi64", "linux", "mips64", "gnu");
        assert_eq!(holds("mips64le", &mips), Ok(true));
    }

    #[test]
    fn nonsense_is_an_error() {
        for condition in [
            "", "!", "linux &", "linux &&", "(linux", "linux)", ",linux", "a-b", "||", "()",
        ] {
            assert!(holds(condition, &Target::default()).is_err(), "{condition}");
        }
        assert!(holds(&"(".repeat(100_000), &Target::default()).is_err());
        assert_eq!(
            holds(&("!".repeat(100_000) + "cgo"), &Target::default()),
            Ok(true)
        );
    }
}
