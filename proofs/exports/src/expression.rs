//! Random constant expressions of Rust's integer types, with their values: an expression whose value is no value of its type does not
//! compile, and is not made.

use crate::random::Random;

/// An integer type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) name: &'static str,
    pub(crate) bits: u32,
    pub(crate) signed: bool,
}

const fn integer(name: &'static str, bits: u32, signed: bool) -> Integer {
    Integer { name, bits, signed }
}

pub(crate) const ISIZE: Integer = integer("isize", usize::BITS, true);
pub(crate) const USIZE: Integer = integer("usize", usize::BITS, false);
pub(crate) const I32: Integer = integer("i32", 32, true);

pub(crate) const INTEGERS: [Integer; 10] = [
    integer("i8", 8, true),
    integer("u8", 8, false),
    integer("i16", 16, true),
    integer("u16", 16, false),
    I32,
    integer("u32", 32, false),
    integer("i64", 64, true),
    integer("u64", 64, false),
    ISIZE,
    USIZE,
];

impl Integer {
    pub(crate) fn least(self) -> i128 {
        match self.signed {
            true => -(1 << (self.bits - 1)),
            false => 0,
        }
    }

    pub(crate) fn most(self) -> i128 {
        match self.signed {
            true => (1 << (self.bits - 1)) - 1,
            false => (1 << self.bits) - 1,
        }
    }

    pub(crate) fn has(self, value: i128) -> bool {
        (self.least()..=self.most()).contains(&value)
    }

    /// As `as` does.
    fn cast(self, value: i128) -> i128 {
        let low = value & ((1 << self.bits) - 1);
        match low > self.most() {
            true => low - (1 << self.bits),
            false => low,
        }
    }
}

/// A constant that can be named where the expression stands.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) path: String,
    pub(crate) ctype: Integer,
    pub(crate) value: i128,
}

/// An expression and its value.
pub(crate) struct Expression {
    pub(crate) text: String,
    pub(crate) value: i128,
}

/// A random expression of this type over these constants.
pub(crate) fn random(
    random: &mut Random,
    ctype: Integer,
    named: &[Named],
    depth: usize,
) -> Expression {
    if depth == 0 || random.one_in(4) {
        return leaf(random, ctype, named);
    }
    // Most tries succeed.
    for _ in 0..8 {
        let made = match random.below(8) {
            0 => cast(random, ctype, named, depth - 1),
            1 => unary(random, ctype, named, depth - 1),
            2 => shift(random, ctype, named, depth - 1),
            _ => binary(random, ctype, named, depth - 1),
        };
        if let Some(made) = made.filter(|made| ctype.has(made.value)) {
            return made;
        }
    }
    leaf(random, ctype, named)
}

fn leaf(random: &mut Random, ctype: Integer, named: &[Named]) -> Expression {
    let of_type: Vec<&Named> = named.iter().filter(|name| name.ctype == ctype).collect();
    if !of_type.is_empty() && random.one_in(2) {
        let name = of_type[random.below(of_type.len())];
        return Expression {
            text: name.path.clone(),
            value: name.value,
        };
    }
    match random.below(8) {
        0 => Expression {
            text: format!("{}::MAX", ctype.name),
            value: ctype.most(),
        },
        1 => Expression {
            text: format!("{}::MIN", ctype.name),
            value: ctype.least(),
        },
        _ => literal(random, ctype),
    }
}

/// With its suffix, so that nothing is left to inference.
fn literal(random: &mut Random, ctype: Integer) -> Expression {
    let most = ctype.most().min(1 << (1 + random.below(62)));
    let value = i128::from(random.below(usize::MAX) as u64 & i64::MAX as u64) % (most + 1);
    let suffix = ctype.name;
    let text = match random.below(6) {
        0 => format!("0x{value:x}_{suffix}"),
        1 => format!("0b{value:b}{suffix}"),
        2 => format!("0o{value:o}_{suffix}"),
        3 if ctype.name == "u8" && (97..=122).contains(&value) => {
            format!("b'{}'", char::from(value as u8))
        }
        _ => format!("{value}{suffix}"),
    };
    Expression { text, value }
}

fn cast(random_: &mut Random, ctype: Integer, named: &[Named], depth: usize) -> Option<Expression> {
    let other = INTEGERS[random_.below(INTEGERS.len())];
    let inner = random(random_, other, named, depth);
    Some(Expression {
        text: format!("(({}) as {})", inner.text, ctype.name),
        value: ctype.cast(inner.value),
    })
}

fn unary(
    random_: &mut Random,
    ctype: Integer,
    named: &[Named],
    depth: usize,
) -> Option<Expression> {
    let inner = random(random_, ctype, named, depth);
    let (sign, value) = match ctype.signed && random_.one_in(2) {
        true => ("-", -inner.value),
        false => ("!", ctype.cast(!inner.value)),
    };
    Some(Expression {
        text: format!("{sign}({})", inner.text),
        value,
    })
}

fn shift(
    random_: &mut Random,
    ctype: Integer,
    named: &[Named],
    depth: usize,
) -> Option<Expression> {
    let inner = random(random_, ctype, named, depth);
    let by = random_.below(ctype.bits as usize);
    let (sign, value) = match random_.one_in(2) {
        true => ("<<", ctype.cast(inner.value << by)),
        false => (">>", inner.value >> by),
    };
    Some(Expression {
        text: format!("(({}) {sign} {by})", inner.text),
        value,
    })
}

fn binary(
    random_: &mut Random,
    ctype: Integer,
    named: &[Named],
    depth: usize,
) -> Option<Expression> {
    let left = random(random_, ctype, named, depth);
    let right = random(random_, ctype, named, depth);
    let (a, b) = (left.value, right.value);
    let (sign, value) = match random_.below(8) {
        0 => ("+", a.checked_add(b)),
        1 => ("-", a.checked_sub(b)),
        2 => ("*", a.checked_mul(b)),
        3 if ctype.has(a.checked_div(b)?) => ("/", a.checked_div(b)),
        4 if ctype.has(a.checked_div(b)?) => ("%", a.checked_rem(b)),
        5 => ("&", Some(a & b)),
        6 => ("|", Some(a | b)),
        _ => ("^", Some(a ^ b)),
    };
    let text = match random_.one_in(2) {
        true => format!("({} {sign} {})", left.text, right.text),
        false => format!("(({}) {sign} ({}))", left.text, right.text),
    };
    Some(Expression {
        text,
        value: value?,
    })
}
