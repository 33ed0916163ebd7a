//! Computes a constant expression of integers, for the header: tokens of Rust in, its value out.

use std::ops::Range;

use crate::lexer::{Token, TokenKind};

/// The value of an expression of the integer type `ctype`. `None` where it is more than integers, the constants that `known`
/// has, and operators: C is told nothing then, since a wrong value would be worse.
pub(crate) fn value(
    tokens: &[Token],
    ctype: &str,
    known: &dyn Fn(&str) -> Option<i128>,
) -> Option<i128> {
    // Longer ones nobody wrote, and they might need too much of the stack.
    if tokens.len() > 1000 {
        return None;
    }
    let mut reader = Reader {
        tokens,
        at: 0,
        known,
    };
    let value = reader.binary(0)?;
    let whole = reader.at == tokens.len();
    let negated = tokens.iter().any(|token| token.is("!"));
    // What `!` does depends on the width of each operand, which is known only where all have the expression's own type.
    let one_type = tokens.iter().all(|token| match token.kind {
        TokenKind::Word => false,
        TokenKind::Literal => suffix(&token.text).is_empty(),
        _ => true,
    });
    if !whole || (negated && !one_type) {
        return None;
    }
    let range = range(ctype)?;
    match negated && range.start == 0 {
        true => Some(value & (range.end - 1)),
        false => range.contains(&value).then_some(value),
    }
}

/// The values of an integer type, as far as C's enumerations and lengths need them.
fn range(ctype: &str) -> Option<Range<i128>> {
    let bits = match ctype.trim_start_matches(['i', 'u']) {
        "size" => 64,
        bits => bits
            .parse::<u32>()
            .ok()
            .filter(|bits| (1..=64).contains(bits))?,
    };
    Some(match ctype.starts_with('u') {
        true => 0..1 << bits,
        false => -(1 << (bits - 1))..1 << (bits - 1),
    })
}

/// The Rust reference, "Operator precedence", from the weakest of those that make integers.
const OPERATORS: [&[&str]; 6] = [
    &["|"],
    &["^"],
    &["&"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    known: &'a dyn Fn(&str) -> Option<i128>,
}

impl Reader<'_> {
    fn binary(&mut self, level: usize) -> Option<i128> {
        let Some(operators) = OPERATORS.get(level) else {
            return self.cast();
        };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.is_here(operator)) {
            self.at += operator.len();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    fn is_here(&self, operator: &str) -> bool {
        let signs = self.tokens.get(self.at..).unwrap_or_default().iter();
        let mut signs = signs.map(|token| token.text.as_str());
        operator
            .bytes()
            .all(|byte| signs.next().is_some_and(|sign| sign.as_bytes() == [byte]))
    }

    fn cast(&mut self) -> Option<i128> {
        let value = self.unary()?;
        while self.is_here_word("as") {
            let ctype = &self.tokens.get(self.at + 1)?.text;
            if !range(ctype)?.contains(&value) {
                return None;
            }
            self.at += 2;
        }
        Some(value)
    }

    fn is_here_word(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is(word))
    }

    fn unary(&mut self) -> Option<i128> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        match (token.kind, token.text.as_str()) {
            (TokenKind::Sign, "-") => self.unary()?.checked_neg(),
            (TokenKind::Sign, "!") => Some(!self.unary()?),
            (TokenKind::Open, "(") => {
                let value = self.binary(0)?;
                let closed = self.is_here_word(")");
                self.at += 1;
                closed.then_some(value)
            }
            (TokenKind::Literal, text) => literal(text),
            (TokenKind::Word, first) => self.path(first.to_string()),
            _ => None,
        }
    }

    /// A constant of the crate, by whatever path.
    fn path(&mut self, first: String) -> Option<i128> {
        let (mut module, mut name) = (String::new(), first);
        while self.is_here("::") {
            let next = self.tokens.get(self.at + 2)?;
            if next.kind != TokenKind::Word {
                return None;
            }
            module = std::mem::replace(&mut name, next.text.clone());
            self.at += 3;
        }
        // `u8::MAX` is none of the crate's.
        if range(&module).is_some() {
            return None;
        }
        (self.known)(&name)
    }
}

fn apply(operator: &str, left: i128, right: i128) -> Option<i128> {
    match operator {
        "|" => Some(left | right),
        "^" => Some(left ^ right),
        "&" => Some(left & right),
        "<<" => left.checked_mul(1i128.checked_shl(right.try_into().ok()?)?),
        ">>" => left.checked_shr(right.try_into().ok()?),
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        _ => left.checked_rem(right),
    }
}

/// An integer, or a byte like `b'x'`.
fn literal(text: &str) -> Option<i128> {
    if let Some(byte) = text.strip_prefix("b'") {
        return match byte.strip_suffix('\'')?.as_bytes() {
            [plain] => Some(i128::from(*plain)),
            _ => None,
        };
    }
    let text = text.replace('_', "");
    let ctype = suffix(&text);
    if !ctype.is_empty() {
        range(ctype)?;
    }
    let digits = text.strip_suffix(ctype)?;
    let (base, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    i128::from_str_radix(digits, base).ok()
}

/// The type that ends a number. No digit in any base is one of its first letters.
fn suffix(number: &str) -> &str {
    number.find(['i', 'u']).map_or("", |at| &number[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    fn of(source: &str, ctype: &str) -> Option<i128> {
        let known = |name: &str| (name == "BASE").then_some(40);
        value(&tokens(source), ctype, &known)
    }

    #[test]
    fn what_rust_computes() {
        for (source, expected) in [
            ("1_000", 1000),
            ("0x10 | 0b1 | 0o7", 0x17),
            ("1 << 3", 8),
            ("1 + 2 * 3 - 4 % 3", 6),
            ("-(5) as isize", -5),
            ("b'x' as isize", 120),
            ("0x1fu8 as isize", 31),
            ("crate::a::BASE + 2", 42),
            ("7 & 3 ^ 1", 2),
            ("!0", -1),
            ("-8 >> 1", -4),
            ("(1 << 31) - 1", 0x7fff_ffff),
        ] {
            assert_eq!(of(source, "isize"), Some(expected), "{source}");
        }
        assert_eq!(of("!0", "u8"), Some(255));
        assert_eq!(of("!1 & 0xff", "u16"), Some(254));
    }

    #[test]
    fn what_it_cannot_know_is_nothing() {
        for source in [
            "u8::MAX as isize",
            "OTHER",
            "f(1)",
            "size_of::<u8>() as isize",
            "!0u8 as isize",
            "300 as u8",
            "1.5",
            "'x' as isize",
            "b'\\n' as isize",
            "1 / 0",
            "1 +",
            "(1",
            "",
            "1 << 200",
            "{ 1 }",
        ] {
            assert_eq!(of(source, "isize"), None, "{source}");
        }
        assert_eq!(of("256", "u8"), None);
    }
}
