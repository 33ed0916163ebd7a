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
use crate::directive::package_words;

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
            ConditionToken::Package(package) => match package_words::spaced(package) {
                Some(package) => (self.context.has_package)(&package),
                None => {
                    let message = format!(
                        "`{package}` in `package(..)` is not a package, or a package and its version as in `zlib >= 1.2`"
                    );
                    return Err(message.into());
                }
            },
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
mod tests;
