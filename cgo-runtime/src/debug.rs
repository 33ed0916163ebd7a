//! Shows C's records and enumerations for `{:?}`: in one function for all of them, since a derived `Debug` for each is a quarter of what
//! a header's structs cost to compile.

use core::fmt::{Debug, Formatter, Result};

/// `file { .. }`: a type of which Rust sees no members.
///
/// # Errors
///
/// If the output cannot be written.
#[inline]
pub fn debug_opaque(f: &mut Formatter<'_>, name: &str) -> Result {
    f.debug_struct(name).finish_non_exhaustive()
}

/// The enumerators of an enumeration, each with its value.
type Enumerators = [(&'static str, i128)];

/// `RED`, or `color(7)` for a value without a name.
///
/// # Errors
///
/// If the output cannot be written.
#[inline]
pub fn debug_enum(f: &mut Formatter<'_>, name: &str, value: i128, names: &Enumerators) -> Result {
    match names.iter().find(|(_, known)| *known == value) {
        Some((known, _)) => f.write_str(known),
        None => f.debug_tuple(name).field(&value).finish(),
    }
}

/// `READ | WRITE`, with the bits that have no name as a number behind them; the name of zero, or `mode(0)`, if no bit is set.
///
/// # Errors
///
/// If the output cannot be written.
#[inline]
pub fn debug_flags(f: &mut Formatter<'_>, name: &str, value: i128, names: &Enumerators) -> Result {
    if names.iter().any(|(_, known)| *known == value) || value == 0 {
        return debug_enum(f, name, value, names);
    }
    let (mut left, mut between) = (value, "");
    for &(known, bits) in names {
        if bits != 0 && value & bits == bits && left & bits != 0 {
            write!(f, "{between}{known}")?;
            (left, between) = (left & !bits, " | ");
        }
    }
    match left {
        0 => Ok(()),
        _ if between.is_empty() => f.debug_tuple(name).field(&left).finish(),
        // All bits above the type's own are set too in a negative number.
        ..0 => write!(f, "{between}-{:#x}", left.unsigned_abs()),
        _ => write!(f, "{between}{left:#x}"),
    }
}

/// As derived for a struct with these fields.
///
/// # Errors
///
/// If the output cannot be written.
#[inline]
pub fn debug_record(
    f: &mut Formatter<'_>,
    name: &str,
    fields: &[&str],
    values: &[&dyn Debug],
) -> Result {
    let mut shown = f.debug_struct(name);
    for (field, value) in fields.iter().zip(values) {
        shown.field(field, value);
    }
    shown.finish()
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use core::fmt::{Debug, Formatter, Result};
    use std::format;
    use std::string::{String, ToString};

    /// As `names` are shown of `value`.
    #[inline]
    fn shown(value: i128, names: &'static [(&'static str, i128)]) -> (String, String) {
        struct Shown(i128, &'static [(&'static str, i128)]);
        impl Debug for Shown {
            #[inline]
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                super::debug_enum(f, "e", self.0, self.1)?;
                f.write_str(" ")?;
                super::debug_flags(f, "e", self.0, self.1)
            }
        }
        let both = format!("{:?}", Shown(value, names));
        let (one, flags) = both.split_once(' ').unwrap_or_default();
        (one.to_string(), flags.to_string())
    }

    #[test]
    #[inline]
    fn enumerators_by_name() {
        const NAMES: &[(&str, i128)] = &[("READ", 1), ("WRITE", 2), ("BOTH", 3), ("MODE", 12)];
        let said = |value| shown(value, NAMES);
        assert_eq!(said(1), ("READ".to_string(), "READ".to_string()));
        assert_eq!(said(3), ("BOTH".to_string(), "BOTH".to_string()));
        assert_eq!(said(5), ("e(5)".to_string(), "READ | 0x4".to_string()));
        assert_eq!(said(13).1, "READ | MODE");
        assert_eq!(said(15).1, "READ | WRITE | MODE");
        assert_eq!(said(0).1, "e(0)");
        assert_eq!(said(16).1, "e(16)");
        assert_eq!(said(-2).1, "WRITE | MODE | -0x10");
    }

    #[test]
    #[inline]
    fn as_derived() {
        struct Shown;
        impl Debug for Shown {
            #[inline]
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                super::debug_record(f, "point", &["x", "name"], &[&1, &"a"])
            }
        }
        assert_eq!(format!("{Shown:?}"), "point { x: 1, name: \"a\" }");
        assert_eq!(
            format!("{Shown:#?}"),
            "point {\n    x: 1,\n    name: \"a\",\n}"
        );
    }
}
