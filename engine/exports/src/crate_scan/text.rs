//! Reads the text of a file, unless the parser would overflow the stack.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

use super::attributes::relevant;
use super::items::items;
use super::node::Scanned;
use super::renamed::{may_rename, with_own_name};

/// How deeply brackets may be nested, and how many operators may stand in one expression or type: the parser recurses.
const DEEPEST: usize = 1000;
const MOST_SIGNS: usize = 500;

/// Reads the text of a file.
pub(crate) fn read(text: &str) -> Scanned {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if depth(text) > DEEPEST {
        return too_deep();
    }
    // A shebang line.
    let first = text.lines().next().unwrap_or_default();
    let is_shebang = first.starts_with("#!") && !first[2..].trim_start().starts_with('[');
    let text = if is_shebang {
        &text[first.len()..]
    } else {
        text
    };
    let tokens = match TokenStream::from_str(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            let line = error.span().start().line;
            return Scanned {
                problem: Some((line, error.to_string())),
                ..Scanned::default()
            };
        }
    };
    if is_too_long(tokens.clone()) {
        return too_deep();
    }
    let tokens = match may_rename(text) {
        true => with_own_name(tokens),
        false => tokens,
    };
    let mut scanned = Scanned::default();
    let parse = |input: ParseStream<'_>| {
        scanned.attributes = relevant(&input.call(Attribute::parse_inner)?);
        items(input, &mut scanned.nodes)
    };
    if let Err(error) = parse.parse2(tokens) {
        let line = error.span().start().line;
        scanned.problem = Some((line, error.to_string()));
    }
    scanned
}

fn too_deep() -> Scanned {
    let message = "its brackets or operators are nested too deeply".to_string();
    Scanned {
        problem: Some((1, message)),
        ..Scanned::default()
    }
}

/// Whether one expression or type has too many operators or angle brackets.
fn is_too_long(tokens: TokenStream) -> bool {
    let (mut signs, mut angles) = (0, 0usize);
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                if is_too_long(group.stream()) {
                    return true;
                }
                if group.delimiter() == Delimiter::Brace {
                    (signs, angles) = (0, 0);
                }
            }
            TokenTree::Punct(sign) => match sign.as_char() {
                ';' => (signs, angles) = (0, 0),
                ',' => signs = 0,
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                _ => signs += 1,
            },
            _ => {}
        }
        if signs > MOST_SIGNS || angles > MOST_SIGNS {
            return true;
        }
    }
    false
}

/// How deeply brackets are nested, with those in strings and comments.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crate_scan::kept;

    /// Everything that matters, and much that does not.
    const SOURCE: &str = r#"#![cfg(a)]
mod file;
#[cfg(x)] #[path = "y.rs"] pub mod other;
#[derive(Clone)] pub struct S<const N: usize = { 3 }>(u8) where u8: Copy;
pub(crate) enum E { A, B } union U { a: u8 }
use a::{self, b as c, d::*}; use ::e::f;
extern crate g as h;
type T<'a> = &'a [u8; N];
const C: usize = { 1 + 2 };
static X: u8 = 1;
trait Trait { const L: u8; fn f(&self) {} }
unsafe impl Trait for S<{ 3 }> { const L: u8 = 1; #[export_c] fn m(self: &Self) -> u8 { 1 } }
mod inline { //! Docs.
    #![cfg(b)] /// Documented.
    #[export_c(name = "other")] pub(super) unsafe extern "C" fn g<'a>(#[cfg(z)] a: &'a str, ...) -> u8 where 'a: 'a { 1 }
    c_preamble! { pub mod named; int x; }
}
include!("file.rs"); include!(concat!("a", "b"));
cfg_if! { if #[cfg(unix)] { #[export_c] static V: u8 = 1; } else { mod other; } }
macro_rules! m { () => { export_c } }
fn body() { let x = { #[export_c] #[repr(C)] struct In { a: u8 } 1 }; }
"#;

    #[test]
    fn what_is_kept_is_read_as_the_same() {
        let scanned = read(SOURCE);
        assert!(scanned.problem.is_none(), "{:?}", scanned.problem);
        assert_eq!(scanned.nodes.len(), 20, "{scanned:#?}");
        let text = kept::write(&scanned);
        assert_eq!(kept::read(&text), Some(scanned), "{text}");
    }

    #[test]
    fn torn_files_end() {
        for end in (0..=SOURCE.len()).filter(|end| SOURCE.is_char_boundary(*end)) {
            read(&SOURCE[..end]);
            read(&SOURCE[end..]);
        }
        for unit in ["(", "{", "mod a {", "#[a", "impl ", "fn f(", "/*"] {
            read(&unit.repeat(3000));
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_line() {
        let scanned = read("mod a;\n\nfn f( -> {}\n");
        assert_eq!(scanned.problem.map(|(line, _)| line), Some(3));
        let scanned = read("#!/usr/bin/env run\nmod a;\nfn f(,) {}\nmod b;");
        assert_eq!(scanned.nodes.len(), 1);
        assert_eq!(scanned.problem.map(|(line, _)| line), Some(3));
    }
}
