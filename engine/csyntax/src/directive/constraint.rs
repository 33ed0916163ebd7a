//! Decides whether the condition of a `#cgo` line holds.
//!
//! cgo has two forms of conditions, which are one grammar here. The operators, from the loosest to the tightest, are: a blank (OR), `||`,
//! `&&`, `,` (AND) and `!`. There are parentheses too. So `linux,amd64 darwin` and `(linux && amd64) || darwin` are the same. cgo itself
//! cuts an expression at its blanks and takes pieces without a meaning for false. Here blanks around operators are ignored, and what
//! has no meaning is an error.
//!
//! A word is true if it is Rust's or Go's name of the target's system or processor, the first part of its triple
//! (`armv7`, `powerpc64le`), its `target_env` (`gnu`, `musl`, `msvc`) or one of its families (`unix`). `cgo` is true,
//! and so is every `go1.N`: such a line asks for a cgo that is new enough. Go's build tags become features of the package: any other word
//! is true if it is a feature that is on, or a `cfg` without a value that is set.
//!
//! `cfg(..)` in a condition is Rust's: names, `name = "value"`, `all`, `any` and `not`.

use crate::cfg::{Cfg, KnownCfg};
use crate::directive::known_words;
use crate::edit_distance::edit_distance;
use crate::target::Target;

/// What conditions are about.
#[derive(Clone, Copy)]
pub struct ConditionContext<'a> {
    pub target: &'a Target,
    /// The conditions that are set.
    pub cfgs: &'a [Cfg],
    /// The conditions of the crate that may be set; `None` if rustc was not told.
    pub known: Option<&'a [KnownCfg]>,
}

/// How deep parentheses may be nested: the stack has an end.
const DEEPEST: usize = 64;

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionError {
    Syntax(String),
    /// A word without a meaning, and a similar one with a meaning.
    Unknown {
        message: String,
        similar: Option<String>,
    },
}

impl From<String> for ConditionError {
    fn from(message: String) -> ConditionError {
        ConditionError::Syntax(message)
    }
}

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
            ConditionToken::Word(word) | ConditionToken::Text(word) => word,
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
            Some(ConditionToken::Word(_) | ConditionToken::Not | ConditionToken::Open)
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

impl ConditionContext<'_> {
    /// A word in cgo's form.
    fn word(&self, word: &str) -> Result<bool, ConditionError> {
        if known_words::is_known(word) {
            return Ok(is_true(word, self.target));
        }
        if self.is_set("feature", Some(word)) || self.is_set(word, None) {
            return Ok(true);
        }
        let features = self.values_of("feature");
        let names = self
            .known
            .into_iter()
            .flatten()
            .map(|known| known.name.as_str());
        if self.known.is_none()
            || features.contains(&word)
            || names.clone().any(|name| name == word)
        {
            return Ok(is_true(word, self.target));
        }
        Err(ConditionError::Unknown {
            message: format!(
                "`{word}` is not a target, and the package has no feature of this name"
            ),
            similar: similar(word, known_words::all().chain(features).chain(names)),
        })
    }

    /// `cfg(name)`.
    fn name(&self, name: &str) -> Result<bool, ConditionError> {
        match name {
            "true" | "false" => Ok(name == "true"),
            _ => {
                self.require_name(name)?;
                Ok(self.is_set(name, None))
            }
        }
    }

    /// `cfg(name = "value")`.
    fn value(&self, name: &str, value: &str) -> Result<bool, ConditionError> {
        self.require_name(name)?;
        if self.is_set(name, Some(value)) {
            return Ok(true);
        }
        let values = match name {
            "target_os" => known_words::SYSTEMS.to_vec(),
            "target_arch" => known_words::PROCESSORS.to_vec(),
            "target_env" => known_words::ENVIRONMENTS.to_vec(),
            "target_family" => known_words::FAMILIES.to_vec(),
            _ => match self.known_cfg(name).map(|known| &known.values) {
                Some(Some(_)) => self.values_of(name),
                _ => return Ok(false),
            },
        };
        // Some targets have no `target_env`.
        if value.is_empty() || values.contains(&value) {
            return Ok(false);
        }
        Err(ConditionError::Unknown {
            message: match name {
                "feature" => format!("the package has no feature `{value}`"),
                _ => format!("`{name}` is never `{value}`"),
            },
            similar: similar(value, values.into_iter()),
        })
    }

    fn require_name(&self, name: &str) -> Result<(), ConditionError> {
        let is_known = known_words::CFGS.contains(&name) || self.known_cfg(name).is_some();
        let is_set = self.cfgs.iter().any(|cfg| cfg.name == name);
        if is_known || is_set || self.known.is_none() {
            return Ok(());
        }
        let names = self
            .known
            .into_iter()
            .flatten()
            .map(|known| known.name.as_str());
        Err(ConditionError::Unknown {
            message: format!("unknown `cfg({name})`"),
            similar: similar(name, known_words::CFGS.iter().copied().chain(names)),
        })
    }

    fn is_set(&self, name: &str, value: Option<&str>) -> bool {
        let mut cfgs = self.cfgs.iter();
        cfgs.any(|cfg| cfg.name == name && cfg.value.as_deref() == value)
    }

    fn known_cfg(&self, name: &str) -> Option<&KnownCfg> {
        self.known?.iter().find(|known| known.name == name)
    }

    fn values_of(&self, name: &str) -> Vec<&str> {
        let values = self.known_cfg(name).and_then(|known| known.values.as_ref());
        values.into_iter().flatten().map(String::as_str).collect()
    }
}

/// The most similar one of these words, if no more than every third letter differs.
fn similar<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<String> {
    let most = word.chars().count().max(3) / 3;
    let distances = known.map(|known| (edit_distance(word, known), known));
    let (distance, known) = distances.min()?;
    (distance <= most).then(|| known.to_string())
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
        || known_words::is_go_version(word)
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

    fn of_target(condition: &str, target: &Target) -> Result<bool, ConditionError> {
        let context = ConditionContext {
            target,
            cfgs: &[],
            known: None,
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
        let context = ConditionContext {
            target: &target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu"),
            cfgs: &[
                cfg("feature", Some("stats")),
                cfg("unix", None),
                cfg("target_os", Some("linux")),
                cfg("target_env", Some("gnu")),
            ],
            known: Some(&[
                known("feature", &["stats", "slow-path"]),
                known("has_zlib", &[]),
            ]),
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
