//! Finds the names that constants and variants of the crate have as their values: `const A: i32 = C::X;` and
//! `enum E { B = C::Y as isize }`. rustdoc computes these, and reports constants of another type and variants with the same number.

use std::collections::HashMap;
use std::fs;

use cgo_toolchain::session::Session;
use cgo_toolchain::session::rust_files::rust_files;

use crate::rust_scan::rust_lexer::{RustLexer, TokenBytes};

/// The names, each with the type that it must have, if that is a number's.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct GivenValues(HashMap<String, Option<&'static str>>);

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
    pub(crate) fn get(&self, name: &str) -> Option<Option<&'static str>> {
        self.0.get(name).copied()
    }

    fn scan(&mut self, source: &[u8]) {
        let mut lexer = RustLexer::new(source, &WORDS_AND_SIGNS);
        let mut tokens: Vec<&[u8]> = Vec::new();
        while lexer.read().is_some() {
            tokens.push(lexer.text());
        }
        for (at, token) in tokens.iter().enumerate() {
            if *token == b"=" {
                let number = at.checked_sub(1).and_then(|at| number_type(tokens[at]));
                self.value(&tokens[at + 1..], number);
            }
        }
    }

    /// Adds the names in a value, which starts here.
    fn value(&mut self, tokens: &[&[u8]], number: Option<&'static str>) {
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
            let ends_path = tokens[..at].ends_with(&[b":", b":"])
                && tokens[at] != b":"
                && next != b":"
                && next != b"(";
            if ends_path {
                let name = String::from_utf8_lossy(tokens[at]).into_owned();
                let known = self.0.entry(name).or_default();
                *known = known.or(number.filter(|_| next != b"as"));
            }
        }
    }
}

static WORDS_AND_SIGNS: TokenBytes = TokenBytes::words_and(b"!#$%&'()*+,-./:;<=>?@[]^{|}\"\\~`");

fn number_type(word: &[u8]) -> Option<&'static str> {
    const TYPES: [&str; 27] = [
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

    #[test]
    fn constants_and_variants() {
        let mut found = GivenValues::default();
        found.scan(
            b"pub const A: i32 = C::X; const B: std::ffi::c_uint = crate::ffi::C::Y; enum E { C = C::V as isize, D = sys::W }
              let a = C::f(1); if a == C::G {} static S: &CStr = C::TEXT; const D: u16 = (C::P | !C::Q) << 2; const F: u8 = C::R as u8;",
        );
        let mut names: Vec<_> = found.0.into_iter().collect();
        names.sort();
        let expected = [
            ("G", None),
            ("P", Some("u16")),
            ("Q", Some("u16")),
            ("R", None),
            ("TEXT", None),
            ("V", None),
            ("W", None),
            ("X", Some("i32")),
            ("Y", Some("c_uint")),
        ];
        assert_eq!(
            names,
            expected.map(|(name, ctype)| (name.to_string(), ctype))
        );
    }
}
