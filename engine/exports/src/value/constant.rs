//! Evaluates constant integer expressions with the types of Rust.

use syn::{BinOp, Expr, ExprPath, Lit, Stmt, Type, UnOp};

use super::integer::Integer;
use crate::crate_scan::path::{UsePath, path_of, plain_path};
use crate::crate_scan::resolve::{Namespace, PathTarget};
use crate::crate_scan::scanned_crate::{ScannedCrate, ScopeId};

/// How many constants may refer to each other in a chain.
const DEEPEST: usize = 32;

/// The constants that have been evaluated, by their numbers.
#[derive(Default)]
pub(crate) struct Values {
    computed: Vec<Option<Computed>>,
}

/// The type and value of a constant; `None` for what is not known.
type Computed = Option<(Integer, Option<i128>)>;

impl Values {
    /// The value of an expression of this type; `None` if it has more than integers, constants of the crate and operators. The header
    /// then leaves the item out, since a wrong value would be worse.
    pub(crate) fn of(
        &mut self,
        krate: &mut ScannedCrate<'_>,
        expr: &Expr,
        scope: ScopeId,
        integer: &str,
    ) -> Option<i128> {
        let integer = Integer::named(integer, krate.context.pointer_bits)?;
        let mut evaluation = Evaluator {
            krate,
            computed: &mut self.computed,
            depth: 0,
        };
        evaluation.whole(expr, scope, integer)
    }
}

/// One evaluation, and how many constants it is inside.
struct Evaluator<'p, 'c> {
    krate: &'p mut ScannedCrate<'c>,
    computed: &'p mut Vec<Option<Computed>>,
    depth: usize,
}

/// An expression without parentheses and braces around it.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        Expr::Group(group) => bare(&group.expr),
        Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
            match &block.block.stmts[..] {
                [Stmt::Expr(inner, None)] => bare(inner),
                _ => expr,
            }
        }
        _ => expr,
    }
}

/// Whether an expression is a literal, perhaps with unary operators. A cast gives it its type.
fn is_literal(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => is_literal(&unary.expr),
        _ => false,
    }
}

impl Evaluator<'_, '_> {
    fn whole(&mut self, expr: &Expr, scope: ScopeId, integer: Integer) -> Option<i128> {
        let own = self.type_of(expr, scope)?;
        match own.is_none_or(|own| own == integer) {
            true => self.value(expr, scope, integer),
            false => None,
        }
    }

    fn named(&self, name: &str) -> Option<Integer> {
        Integer::named(name, self.krate.context.pointer_bits)
    }

    /// The integer type that a path refers to.
    fn integer_at(&mut self, path: &UsePath, scope: ScopeId, depth: usize) -> Option<Integer> {
        match self.krate.resolve(scope, path, Namespace::Types).ok()? {
            PathTarget::Foreign(path) => {
                let name = path.last().filter(|_| path.len() > 1)?;
                self.named(name)
            }
            PathTarget::Alias(number) if depth < DEEPEST => {
                let (ctype, scope) = self.krate.alias(number)?;
                let path = path_of(&ctype)?;
                self.integer_at(&path, scope, depth + 1)
            }
            _ => None,
        }
    }

    fn integer(&mut self, ctype: &Type, scope: ScopeId) -> Option<Integer> {
        self.integer_at(&path_of(ctype)?, scope, 0)
    }

    /// The type of an expression; `None` if it is not known to be an integer, `Some(None)` if its type is inferred from the context.
    fn type_of(&mut self, expr: &Expr, scope: ScopeId) -> Option<Option<Integer>> {
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) if number.suffix().is_empty() => Some(None),
                Lit::Int(number) => self.named(number.suffix()).map(Some),
                Lit::Byte(_) => self.named("u8").map(Some),
                _ => None,
            },
            Expr::Unary(unary) => self.type_of(&unary.expr, scope),
            Expr::Cast(cast) => self.integer(&cast.ty, scope).map(Some),
            Expr::Binary(binary) => {
                let left = self.type_of(&binary.left, scope)?;
                if matches!(binary.op, BinOp::Shl(_) | BinOp::Shr(_)) {
                    return Some(left);
                }
                match (left, self.type_of(&binary.right, scope)?) {
                    (Some(left), Some(right)) if left != right => None,
                    (left, right) => Some(left.or(right)),
                }
            }
            Expr::Path(path) => self.path(path, scope).map(|(integer, _)| Some(integer)),
            _ => None,
        }
    }

    /// The value of an expression of this or of an inferred type.
    fn value(&mut self, expr: &Expr, scope: ScopeId, integer: Integer) -> Option<i128> {
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => integer.checked(number.base10_digits().parse().ok()?),
                Lit::Byte(byte) => Some(i128::from(byte.value())),
                _ => None,
            },
            Expr::Unary(unary) => match (&unary.op, bare(&unary.expr)) {
                (UnOp::Not(_), inner) => {
                    let value = self.value(inner, scope, integer)?;
                    Some(integer.wrapped(!value))
                }
                (UnOp::Neg(_), _) if !integer.is_signed => None,
                (UnOp::Neg(_), Expr::Lit(literal)) => match &literal.lit {
                    Lit::Int(number) => {
                        let value: i128 = number.base10_digits().parse().ok()?;
                        integer.checked(value.checked_neg()?)
                    }
                    _ => None,
                },
                (UnOp::Neg(_), inner) => {
                    let value = self.value(inner, scope, integer)?;
                    integer.checked(-value)
                }
                _ => None,
            },
            Expr::Cast(cast) => {
                let value = self.before_cast(&cast.expr, scope, integer)?;
                Some(integer.wrapped(value))
            }
            Expr::Binary(binary) => {
                let left = self.value(&binary.left, scope, integer)?;
                let shift = match binary.op {
                    BinOp::Shl(_) => Some(true),
                    BinOp::Shr(_) => Some(false),
                    _ => None,
                };
                if let Some(is_left) = shift {
                    let by = self.own_value(&binary.right, scope)?;
                    let by = u32::try_from(by).ok().filter(|by| *by < integer.bits)?;
                    return Some(match is_left {
                        true => integer.wrapped(left << by),
                        false => left >> by,
                    });
                }
                let right = self.value(&binary.right, scope, integer)?;
                let value = match binary.op {
                    BinOp::Add(_) => left.checked_add(right),
                    BinOp::Sub(_) => left.checked_sub(right),
                    BinOp::Mul(_) => left.checked_mul(right),
                    BinOp::Div(_) => left.checked_div(right),
                    // In Rust `MIN % -1` overflows.
                    BinOp::Rem(_) if right == -1 && left == integer.min() => None,
                    BinOp::Rem(_) => left.checked_rem(right),
                    BinOp::BitAnd(_) => Some(left & right),
                    BinOp::BitOr(_) => Some(left | right),
                    BinOp::BitXor(_) => Some(left ^ right),
                    _ => None,
                };
                integer.checked(value?)
            }
            Expr::Path(path) => self.path(path, scope)?.1,
            _ => None,
        }
    }

    /// The value of an expression whose type is not inferred from the context: a literal is an `i32`.
    fn own_value(&mut self, expr: &Expr, scope: ScopeId) -> Option<i128> {
        let own = self.type_of(expr, scope)?;
        let integer = own.or_else(|| self.named("i32"))?;
        self.value(expr, scope, integer)
    }

    fn before_cast(&mut self, expr: &Expr, scope: ScopeId, integer: Integer) -> Option<i128> {
        if let Expr::Lit(literal) = bare(expr) {
            match &literal.lit {
                Lit::Bool(truth) => return Some(i128::from(truth.value)),
                Lit::Char(character) => return Some(i128::from(u32::from(character.value()))),
                _ => {}
            }
        }
        match self.type_of(expr, scope)? {
            None if is_literal(expr) => self.value(expr, scope, integer),
            _ => self.own_value(expr, scope),
        }
    }

    /// The type and value of a constant of the crate, or of one such as `u8::MAX`.
    fn path(&mut self, path: &ExprPath, scope: ScopeId) -> Computed {
        let path = plain_path(&path.path).filter(|_| path.qself.is_none())?;
        if let Some(known) = self.of_type(&path, scope) {
            return Some(known);
        }
        let PathTarget::Constant(number) =
            self.krate.resolve(scope, &path, Namespace::Values).ok()?
        else {
            return None;
        };
        if let Some(Some(computed)) = self.computed.get(number) {
            return *computed;
        }
        let computed = self.constant(number);
        if self.computed.len() <= number {
            self.computed.resize(number + 1, None);
        }
        self.computed[number] = Some(computed);
        computed
    }

    fn constant(&mut self, number: usize) -> Computed {
        if self.depth >= DEEPEST {
            return None;
        }
        let (ctype, expr, scope) = self.krate.constant(number)?;
        let integer = self.integer(&ctype, scope)?;
        self.depth += 1;
        let value = self.whole(&expr, scope, integer);
        self.depth -= 1;
        Some((integer, value))
    }

    fn of_type(&mut self, path: &UsePath, scope: ScopeId) -> Computed {
        let (name, before) = path
            .segments
            .split_last()
            .filter(|(_, it)| !it.is_empty())?;
        if !["MAX", "MIN", "BITS"].contains(&name.as_str()) {
            return None;
        }
        let ctype = UsePath {
            is_global: path.is_global,
            segments: before.to_vec(),
        };
        let integer = self.integer_at(&ctype, scope, 0)?;
        Some(match name.as_str() {
            "MAX" => (integer, Some(integer.max())),
            "MIN" => (integer, Some(integer.min())),
            _ => (self.named("u32")?, Some(i128::from(integer.bits))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::CrateContext;
    use crate::crate_scan::files::Files;
    use crate::crate_scan::text;
    use std::path::Path;

    /// The value of an expression in a crate with this text.
    fn of(crate_text: &str, expr: &str, integer: &str) -> Option<i128> {
        let context = CrateContext {
            pointer_bits: 64,
            ..CrateContext::default()
        };
        let files = Files::of(Path::new("lib.rs"), None);
        let mut krate = ScannedCrate::of_text(text::read(crate_text), &context, files);
        let expr: Expr = syn::parse_str(expr).expect("an expression");
        Values::default().of(&mut krate, &expr, 0, integer)
    }

    #[test]
    fn what_rust_computes() {
        const CRATE: &str = "pub mod a { pub const BASE: isize = 40; pub const MASK: u8 = !0xF0; pub const X: u8 = 255; }\n\
                             use a::{BASE, X as Y}; type Byte = u8; const LATER: i64 = FIRST as i64 - 1; const FIRST: u16 = 3;";
        for (source, integer, expected) in [
            ("1_000", "isize", 1000),
            ("0x10 | 0b1 | 0o7", "isize", 0x17),
            ("1 << 3", "isize", 8),
            ("1 + 2 * 3 - 4 % 3", "isize", 6),
            ("-(5) as isize", "isize", -5),
            ("b'x' as isize", "isize", 120),
            ("b'\\n'", "u8", 10),
            ("'x' as isize", "isize", 120),
            ("true as u8", "u8", 1),
            ("0x1fu8 as isize", "isize", 31),
            ("crate::a::BASE + 2", "isize", 42),
            ("BASE", "isize", 40),
            ("7 & 3 ^ 1", "isize", 2),
            ("!0", "isize", -1),
            ("-8 >> 1", "isize", -4),
            ("(1 << 31) - 1", "isize", 0x7fff_ffff),
            ("(1 << 31) as u64", "u64", 0xffff_ffff_8000_0000),
            ("!0", "u8", 255),
            ("!1 & 0xff", "u16", 254),
            ("!0u8 as isize", "isize", 255),
            ("a::MASK as u32", "u32", 15),
            ("(a::X << 1) as u32", "u32", 254),
            ("(Y << 1u64) as u32", "u32", 254),
            ("300u16 as u8", "u8", 44),
            ("200u8 as i8 as isize", "isize", -56),
            ("-128", "i8", -128),
            ("u8::MAX as isize", "isize", 255),
            ("std::ffi::c_int::MAX as isize", "isize", 0x7fff_ffff),
            ("i16::MIN as isize", "isize", -0x8000),
            ("Byte::MAX as isize", "isize", 255),
            ("usize::BITS", "u32", 64),
            ("u64::MAX", "u64", 0xffff_ffff_ffff_ffff),
            ("LATER", "i64", 2),
            ("{ 1 }", "isize", 1),
        ] {
            assert_eq!(of(CRATE, source, integer), Some(expected), "{source}");
        }
    }

    #[test]
    fn what_it_cannot_know_is_nothing() {
        const CRATE: &str = "const MAX: isize = 7; use other::SIZE; const LOOP: u8 = LOOP; const B: u8 = 2; const T: [u8; 2] = [1, 2];\n\
                             impl X { const OF: isize = 1; } trait T { const L: isize = 1; } const F: fn() = g; const U: u16 = 70000; const W: Other = 1;";
        for source in [
            "OTHER",
            "f(1)",
            "size_of::<u8>() as isize",
            "300 as u8 as isize",
            "1.5",
            "1 / 0",
            "-9223372036854775808 / -1",
            "1 << 200",
            "1 << 64",
            "-1 as usize as isize",
            "SIZE",
            "other::SIZE",
            "LOOP as isize",
            "B",
            "B + 1",
            "(B + 254) as isize",
            "T",
            "T[0] as isize",
            "OF",
            "L",
            "X::OF",
            "F as isize",
            "U as isize",
            "W as isize",
            "std::ffi::c_long::MAX as isize",
            "u128::MAX as isize",
            "9223372036854775807 + 1",
            "256u8 as isize",
            "if true { 1 } else { 2 }",
            "<u8>::MAX as isize",
        ] {
            assert_eq!(of(CRATE, source, "isize"), None, "{source}");
        }
        assert_eq!(of(CRATE, "256", "u8"), None);
        assert_eq!(of(CRATE, "MAX", "isize"), Some(7));
        assert_eq!(of("use c::*; const MAX: u8 = 1;", "MAX", "u8"), Some(1));
    }
}
