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
            if *token == b"="
                && let Some(name) = path_end(&tokens[at + 1..])
            {
                let number = at.checked_sub(1).and_then(|at| number_type(tokens[at]));
                let known = self.0.entry(name).or_default();
                *known = known.or(number);
            }
        }
    }
}

static WORDS_AND_SIGNS: TokenBytes = TokenBytes::words_and(b"!#$%&'()*+,-./:;<=>?@[]^{|}\"\\~`");

/// The last name of a path that is a whole value.
fn path_end(tokens: &[&[u8]]) -> Option<String> {
    let mut at = 0;
    while let [_, b":", b":", ..] = tokens[at..] {
        at += 3;
    }
    match tokens[at..] {
        [name, b";" | b"," | b"}" | b"as", ..] if at > 0 => {
            Some(String::from_utf8_lossy(name).into_owned())
        }
        _ => None,
    }
}

fn number_type(word: &[u8]) -> Option<&'static str> {
    const TYPES: [&str; 26] = [
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
              let a = C::f(1); if a == C::G {} static S: &CStr = C::TEXT;",
        );
        let mut names: Vec<_> = found.0.into_iter().collect();
        names.sort();
        let expected = [
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
