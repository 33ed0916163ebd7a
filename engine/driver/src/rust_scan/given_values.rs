//! Finds the names that constants and variants of the crate have as their values: `const A: i32 = C::X;` and
//! `enum E { B = C::Y as isize }`. rustdoc computes these, and reports constants of another type and variants with the same number.
//!
//! This reads tokens, and takes more for such values than there are.

use std::collections::HashMap;
use std::fs;

use cgo_toolchain::session::Session;
use cgo_toolchain::session::rust_files::rust_files;

use crate::rust_scan::rust_lexer::{RustLexer, TokenBytes};

/// The names, each with what must hold for its value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct GivenValues {
    of_names: HashMap<String, GivenValue>,
    /// How many may be those of variants.
    variants: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GivenValue {
    /// The type that it must have, a number's or `CStr`, if one is known.
    pub(crate) value_type: Option<&'static str>,
    /// A number that no other one has, if it may be that of a variant.
    pub(crate) variant: Option<usize>,
}

impl GivenValues {
    /// Those in every `.rs` file below the folder of the crate's root.
    pub(crate) fn of(session: &Session) -> GivenValues {
        let mut found = GivenValues::default();
        let files = session.crate_folder().map(rust_files);
        for file in files.into_iter().flatten() {
            found.scan(&fs::read(file).unwrap_or_default());
        }
        found
    }

    /// `None` for a name that is no such value.
    pub(crate) fn get(&self, name: &str) -> Option<GivenValue> {
        self.of_names.get(name).copied()
    }

    fn scan(&mut self, source: &[u8]) {
        let mut lexer = RustLexer::new(source, &WORDS_AND_SIGNS);
        let mut tokens: Vec<&[u8]> = Vec::new();
        while lexer.read().is_some() {
            tokens.push(lexer.text());
        }
        let imported = renamed_imports(&tokens);
        // That of the variants up to the next brace.
        let mut repr = None;
        for (at, token) in tokens.iter().enumerate() {
            match *token {
                b"repr" => {
                    repr = tokens
                        .iter()
                        .skip(at)
                        .take(6)
                        .find_map(|word| value_type(word))
                }
                b"}" => repr = None,
                b"=" => {
                    let constant = constant_type(&tokens[..at]);
                    self.value(&tokens[at + 1..], constant, repr, &imported);
                }
                _ => {}
            }
        }
    }

    /// Adds the names in the value of a constant, or of a variant of an enumeration with this `repr`, which starts here.
    fn value(
        &mut self,
        tokens: &[&[u8]],
        constant: Option<&'static str>,
        repr: Option<&'static str>,
        imported: &HashMap<&[u8], &[u8]>,
    ) {
        let mut depth = 0usize;
        for at in 0..tokens.len() {
            match tokens[at] {
                b"(" | b"[" => depth += 1,
                b")" | b"]" if depth > 0 => depth -= 1,
                b"," if depth > 0 => {}
                b";" | b"," | b"{" | b"}" | b")" | b"]" | b"=" => return,
                _ => {}
            }
            let next = tokens.get(at + 1).copied().unwrap_or_default();
            if is_name(tokens[at]) && next != b":" && next != b"(" {
                let name = match tokens[..at].ends_with(&[b":", b":"]) {
                    true => tokens[at],
                    false => imported.get(tokens[at]).unwrap_or(&tokens[at]),
                };
                let name = String::from_utf8_lossy(name).into_owned();
                let known = self.of_names.entry(name).or_default();
                let value_type = match tokens.get(at + 1..at + 3) {
                    Some([b".", method]) if TEXT_METHODS.contains(method) => Some(TEXT),
                    _ => constant.or(repr).filter(|_| next != b"as"),
                };
                known.value_type = known.value_type.or(value_type);
                if (constant.is_none() || next == b"as") && known.variant.is_none() {
                    known.variant = Some(self.variants);
                    self.variants += 1;
                }
            }
        }
    }
}

fn is_name(token: &[u8]) -> bool {
    matches!(token.first(), Some(b'A'..=b'Z' | b'a'..=b'z' | b'_')) && token != b"as"
}

/// What `use` brings in under another name, by that name.
fn renamed_imports<'a>(tokens: &[&'a [u8]]) -> HashMap<&'a [u8], &'a [u8]> {
    let mut imported = HashMap::new();
    let mut in_use = false;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            b"use" => in_use = true,
            b";" => in_use = false,
            b"as" if in_use => {
                if let (Some(from), Some(to)) = (at.checked_sub(1), tokens.get(at + 1)) {
                    imported.insert(*to, tokens[from]);
                }
            }
            _ => {}
        }
    }
    imported
}

static WORDS_AND_SIGNS: TokenBytes = TokenBytes::words_and(b"!#$%&'()*+,-./:;<=>?@[]^{|}\"\\~`");

/// The type of constants that hold text.
pub(crate) const TEXT: &str = "CStr";
const TEXT_METHODS: [&[u8]; 5] = [
    b"to_str",
    b"to_bytes",
    b"to_bytes_with_nul",
    b"count_bytes",
    b"as_ptr",
];

/// The first type that is known in the type of a constant or variable, behind which these tokens end.
fn constant_type(tokens: &[&[u8]]) -> Option<&'static str> {
    const LONGEST: usize = 24;
    let tokens = &tokens[tokens.len().saturating_sub(LONGEST)..];
    let start = tokens
        .iter()
        .rposition(|token| matches!(*token, b"const" | b"static" | b"let" | b"=" | b"{" | b"}"))?;
    let is_named = matches!(tokens[start], b"const" | b"static" | b"let");
    let types = tokens[start..].iter().skip(2).filter(|_| is_named);
    types.copied().find_map(value_type)
}

fn value_type(word: &[u8]) -> Option<&'static str> {
    const TYPES: [&str; 28] = [
        TEXT,
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "f32",
        "f64",
        "c_char",
        "c_schar",
        "c_uchar",
        "c_short",
        "c_ushort",
        "c_int",
        "c_uint",
        "c_long",
        "c_ulong",
        "c_longlong",
        "c_ulonglong",
        "c_double",
        "c_float",
    ];
    TYPES.into_iter().find(|name| name.as_bytes() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, Option<&'static str>, bool)> {
        let mut found = GivenValues::default();
        found.scan(source.as_bytes());
        let all = found.of_names.into_iter();
        let all = all.map(|(name, given)| (name, given.value_type, given.variant.is_some()));
        let mut all: Vec<_> = all.collect();
        all.sort();
        all
    }

    fn expected(
        names: &[(&str, Option<&'static str>, bool)],
    ) -> Vec<(String, Option<&'static str>, bool)> {
        let names = names.iter();
        let names = names.map(|&(name, number_type, variant)| (name.into(), number_type, variant));
        names.collect()
    }

    #[test]
    fn constants_and_variants() {
        let found = found(
            "pub const A: i32 = C::X; const B: std::ffi::c_uint = crate::ffi::C::Y; enum E { C = C::V as isize, D = sys::W }
              let a = C::f(1); x.r#type = C::r#K; if a == C::G {} static S: &CStr = C::TEXT; const T: &str = C::T.to_str(); const U: [u32; 1 as usize] = [C::U]; const D: u16 = (C::P | !C::Q) << 2; const F: u8 = C::R as u8;",
        );
        let named = [
            ("G", None, true),
            ("K", None, true),
            ("P", Some("u16"), false),
            ("Q", Some("u16"), false),
            ("R", None, true),
            ("T", Some("CStr"), true),
            ("TEXT", Some("CStr"), false),
            ("U", Some("u32"), false),
            ("V", None, true),
            ("W", None, true),
            ("X", Some("i32"), false),
            ("Y", Some("c_uint"), false),
            ("isize", None, true),
            ("u8", Some("u8"), false),
        ];
        assert_eq!(found, expected(&named));
    }

    #[test]
    fn imported_ones_and_those_of_a_repr() {
        let found = found(
            "use c::{X, Y as Z, V as W}; const A: i32 = X; const B: u64 = Z;
             #[repr(C, u8)] enum E { A = W, B = c::B as u8 } struct S; fn f() { a = 1; b = c::R; }",
        );
        let named = [
            ("B", None, true),
            ("R", None, true),
            ("V", Some("u8"), true),
            ("X", Some("i32"), false),
            ("Y", Some("u64"), false),
            ("u8", Some("u8"), true),
        ];
        assert_eq!(found, expected(&named));
    }
}
