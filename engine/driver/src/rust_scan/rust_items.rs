//! Reads the items of the crate that matter after an error: which types have methods, which fields are used, what the crate defines
//! itself, and how many preambles it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cgo_toolchain::session::Session;
use cgo_toolchain::session::rust_files::rust_files;

use crate::rust_scan::rust_lexer::{RustLexer, RustToken, TokenBytes};
use crate::rust_scan::text::plain;

/// A type with two names.
#[derive(Debug)]
struct OtherName {
    other: String,
    name: String,
}

/// What the sources of a crate hold.
#[derive(Debug, Default)]
pub(crate) struct RustItems {
    /// The words between `impl` and its body, such as the type in `impl path::name {` and those in `impl From<name> for other {`.
    pub(crate) implemented: BTreeSet<String>,
    /// `name as other` and `type other = path::name`.
    renamed: Vec<OtherName>,
    /// The fields in `name { field, field: 1 }`, by the name before the bracket.
    pub(crate) fields: BTreeMap<String, BTreeSet<String>>,
    /// The functions, types, constants and modules of the crate.
    pub(crate) defined: BTreeSet<String>,
    /// The modules among them, and what may be one: `crate`, `self`, `super`, and what `as` introduces.
    modules: BTreeSet<String>,
    /// The names in paths, by the name before the `::`.
    paths: BTreeMap<String, BTreeSet<String>>,
    /// The modules in `name::*`.
    pub(crate) imported_whole: BTreeSet<String>,
    /// How many preambles there are.
    pub(crate) preambles: usize,
}

/// A token of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceToken<'a> {
    /// With the `r#` of a raw identifier.
    Word(&'a str),
    /// `::`
    PathSeparator,
    Sign(u8),
}

impl RustItems {
    /// The items in all files below the folder of the crate's root; none if it is not known.
    pub(crate) fn of(session: &Session) -> RustItems {
        let mut items = RustItems::default();
        for file in session.crate_folder().map(rust_files).unwrap_or_default() {
            items.read(&fs::read_to_string(file).unwrap_or_default());
        }
        items.rename();
        items
    }

    pub(crate) fn read(&mut self, source: &str) {
        let tokens = tokens(source);
        let preamble = [SourceToken::Word("c_preamble"), SourceToken::Sign(b'!')];
        self.preambles += tokens.windows(2).filter(|pair| *pair == preamble).count();
        self.read_definitions(&tokens);
        for (index, token) in tokens.iter().enumerate() {
            let (before, behind) = (&tokens[..index], &tokens[index + 1..]);
            match token {
                SourceToken::Word("impl") => {
                    let names = implemented(behind).into_iter();
                    self.implemented.extend(names.map(str::to_string));
                }
                SourceToken::Word("as") | SourceToken::Sign(b'=') => {
                    let (Some(SourceToken::Word(left)), Some((right, _))) =
                        (before.last(), path(behind))
                    else {
                        continue;
                    };
                    let (left, right) = (plain(left).to_string(), right.to_string());
                    let (other, name) = match token {
                        SourceToken::Sign(_) => (left, right),
                        _ => (right, left),
                    };
                    self.renamed.push(OtherName { other, name });
                }
                SourceToken::Sign(b'{') => {
                    if let Some(name) = literal_name(before)
                        && let Some(fields) = fields(behind)
                    {
                        let known = self.fields.entry(name.to_string()).or_default();
                        known.extend(fields.into_iter().map(str::to_string));
                    }
                }
                _ => {}
            }
        }
    }

    /// The names in paths through modules of the crate, or through a name that may be one of these modules.
    pub(crate) fn names_in_modules(&self) -> impl Iterator<Item = &str> {
        let modules = self.modules.iter().filter_map(|name| self.paths.get(name));
        modules.flatten().map(String::as_str)
    }

    /// Whether a name of the module collides with one of the crate, where both are imported with `*`.
    pub(crate) fn collides(&self, module: &str, name: &str) -> bool {
        self.imported_whole.contains(module) && self.defined.contains(name)
    }

    fn read_definitions(&mut self, tokens: &[SourceToken<'_>]) {
        // For each open bracket the name before it: `name::{`.
        let mut lists = Vec::new();
        let (mut last, mut keyword, mut index) = ("", "", 0);
        while index < tokens.len() {
            let before = index.checked_sub(1).map(|before| tokens[before]);
            let in_path = (before == Some(SourceToken::PathSeparator)).then_some(last);
            let word = match tokens[index] {
                SourceToken::Word("c_preamble") => {
                    index += 1 + macro_arguments(&tokens[index + 1..]);
                    continue;
                }
                SourceToken::Word(word) => word,
                sign => {
                    match sign {
                        SourceToken::Sign(b'{') => lists.push(in_path),
                        SourceToken::Sign(b'}') => _ = lists.pop(),
                        SourceToken::Sign(b'*') => {
                            self.imported_whole.extend(in_path.map(str::to_string));
                        }
                        _ => {}
                    }
                    keyword = "";
                    index += 1;
                    continue;
                }
            };
            index += 1;
            let name = plain(word);
            if let Some(before) = in_path.or(lists.last().copied().flatten()) {
                let known = self.paths.entry(before.to_string()).or_default();
                known.insert(name.to_string());
            }
            if ITEMS.contains(&keyword) && word != "mut" {
                self.defined.insert(name.to_string());
            }
            if matches!(keyword, "mod" | "as") || matches!(word, "crate" | "self" | "super") {
                self.modules.insert(name.to_string());
            }
            last = name;
            // In `*const T` and `'static` it begins no item.
            keyword = match before {
                _ if word == "mut" && keyword == "static" => keyword,
                Some(SourceToken::Sign(b'*' | b'\'')) => "",
                _ => word,
            };
        }
    }

    /// Gives methods and fields of a type to its other names.
    fn rename(&mut self) {
        for OtherName { other, name } in &self.renamed {
            if self.implemented.contains(other) {
                self.implemented.insert(name.clone());
            }
            if let Some(fields) = self.fields.get(other).cloned() {
                self.fields.entry(name.clone()).or_default().extend(fields);
            }
        }
    }
}

/// The keywords before the name of an item.
const ITEMS: [&str; 9] = [
    "fn", "struct", "enum", "union", "type", "const", "static", "trait", "mod",
];

static WORDS_AND_SIGNS: TokenBytes = TokenBytes::words_and(b"!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~");

fn tokens(source: &str) -> Vec<SourceToken<'_>> {
    let mut tokens = Vec::new();
    let mut lexer = RustLexer::new(source.as_bytes(), &WORDS_AND_SIGNS);
    // Where the last token ends.
    let mut end = 0;
    while let Some(token) = lexer.read() {
        let is_joined = lexer.start == end;
        end = lexer.end;
        match (token, tokens.last_mut()) {
            (RustToken::Sign(b':'), Some(last @ SourceToken::Sign(b':'))) if is_joined => {
                *last = SourceToken::PathSeparator;
            }
            (RustToken::Sign(sign), _) => tokens.push(SourceToken::Sign(sign)),
            (RustToken::Word, _) => tokens.push(SourceToken::Word(&source[lexer.start..lexer.end])),
        }
    }
    tokens
}

/// The last name of the path that the tokens begin with, and the tokens behind the path.
fn path<'a, 't>(mut tokens: &'t [SourceToken<'a>]) -> Option<(&'a str, &'t [SourceToken<'a>])> {
    if let [SourceToken::PathSeparator, rest @ ..] = tokens {
        tokens = rest;
    }
    let [SourceToken::Word(name), rest @ ..] = tokens else {
        return None;
    };
    let (mut name, mut rest) = (name, rest);
    while let [
        SourceToken::PathSeparator,
        SourceToken::Word(next),
        behind @ ..,
    ] = rest
    {
        (name, rest) = (next, behind);
    }
    Some((plain(name), rest))
}

/// The words between an `impl` and its body, from the tokens behind the keyword: the type, the trait, and what the trait is about.
/// None for the `impl` of a parameter.
fn implemented<'a>(behind: &[SourceToken<'a>]) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut depth = 0usize;
    for token in behind {
        match token {
            SourceToken::Word("where") | SourceToken::Sign(b'{') => return words,
            SourceToken::Word(word) => words.push(plain(word)),
            SourceToken::Sign(b'(' | b'[') => depth += 1,
            SourceToken::Sign(b')' | b']') if depth > 0 => depth -= 1,
            SourceToken::Sign(b')' | b']' | b'}' | b';' | b'=') => return Vec::new(),
            _ => {}
        }
    }
    Vec::new()
}

/// How many tokens the arguments of a macro take, from behind its name.
fn macro_arguments(behind: &[SourceToken<'_>]) -> usize {
    let [SourceToken::Sign(b'!'), SourceToken::Sign(open), ..] = behind else {
        return 0;
    };
    let close = match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        _ => return 0,
    };
    let mut depth = 0usize;
    for (index, token) in behind.iter().enumerate().skip(1) {
        depth += usize::from(*token == SourceToken::Sign(*open));
        depth -= usize::from(*token == SourceToken::Sign(close));
        if depth == 0 {
            return index + 1;
        }
    }
    0
}

/// The last name of the path before a bracket, which may be a literal's; `None` behind `->`, where a block follows.
fn literal_name<'a>(before: &[SourceToken<'a>]) -> Option<&'a str> {
    let [path @ .., SourceToken::Word(name)] = before else {
        return None;
    };
    let mut rest = path;
    while let [more @ .., SourceToken::Word(_), SourceToken::PathSeparator] = rest {
        rest = more;
    }
    if let [more @ .., SourceToken::PathSeparator] = rest {
        rest = more;
    }
    let is_block = rest.ends_with(&[SourceToken::Sign(b'-'), SourceToken::Sign(b'>')]);
    (!is_block).then_some(plain(name))
}

/// The fields of a literal or a pattern, from behind its opening bracket; `None` if it is something else.
fn fields<'a>(mut tokens: &[SourceToken<'a>]) -> Option<Vec<&'a str>> {
    let mut fields = Vec::new();
    loop {
        let (name, behind) = match tokens {
            [SourceToken::Sign(b'}'), ..]
            | [SourceToken::Sign(b'.'), SourceToken::Sign(b'.'), ..] => {
                return Some(fields);
            }
            [SourceToken::Word(name), behind @ ..] => (name, behind),
            _ => return None,
        };
        fields.push(plain(name));
        tokens = match behind {
            [SourceToken::Sign(b','), rest @ ..] => rest,
            [SourceToken::Sign(b'}'), ..] => return Some(fields),
            [SourceToken::Sign(b':'), value @ ..] => match &value[end_of_value(value)?..] {
                [SourceToken::Sign(b','), rest @ ..] => rest,
                rest => rest,
            },
            _ => return None,
        };
    }
}

/// The index of the comma or the bracket behind the value of a field.
fn end_of_value(tokens: &[SourceToken<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            SourceToken::Sign(b'(' | b'[' | b'{') => depth += 1,
            SourceToken::Sign(b',' | b')' | b']' | b'}') if depth == 0 => return Some(index),
            SourceToken::Sign(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_implementations() {
        let mut found = RustItems::default();
        found.read(
            "impl C::aa { } impl<'a> C::r#type where i32: Sized {} impl plain{} impl T for *mut C::bb {} \
             impl<T> T<C::dd> for T {} fn f(x: impl T<C::ee>) -> C::ff {} simpl cc {} impl",
        );
        let names: Vec<&str> = found.implemented.iter().map(String::as_str).collect();
        let of_c: Vec<&str> = names.into_iter().filter(|name| name.len() > 1).collect();
        assert_eq!(of_c, ["aa", "bb", "dd", "for", "mut", "plain", "type"]);
    }

    #[test]
    fn fields_of_literals_and_patterns() {
        let mut found = RustItems::default();
        found.read(
            "let C::a { x, y: Some(b), .. } = q; let a { z: f(1, 2), r#type } = C::a {}; fn f() -> C::a { w } \
             match q { C::b { .. } => {} } if m { n(); } C::a { k",
        );
        let fields = |name: &str| {
            let fields = found.fields.get(name)?;
            Some(fields.iter().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!(fields("a"), Some(vec!["type", "x", "y", "z"]));
        assert_eq!(fields("b"), Some(vec![]));
        assert_eq!(fields("m"), None);
    }

    #[test]
    fn methods_under_another_name() {
        let mut found = RustItems::default();
        found.read("use C::{a as One, b}; type Two = crate::C::c; impl One {} impl Two {} let Two { x, .. } = y;");
        found.rename();
        assert!(
            ["a", "c"]
                .iter()
                .all(|name| found.implemented.contains(*name))
        );
        assert!(!found.implemented.contains("b") && found.fields["c"].contains("x"));
    }

    #[test]
    fn what_a_crate_defines_and_names_in_its_modules() {
        let mut found = RustItems::default();
        found.read(
            "pub fn a<T>(x: T) {} struct r#type; static mut S: &'static T = 0; fn n(x: *const T, f: fn(T)); mod m; use super::C::*; use other::*; \
             c_preamble! { struct of_c { int i; }; } c_preamble!(/* struct of_c *f(void); */); use crate::ffi as raw; use raw::{b, c::d, m::{e}, f}; m::g(); raw::h; E::I; std::j; fn k() { l }",
        );
        let defined: Vec<&str> = found.defined.iter().map(String::as_str).collect();
        assert_eq!(defined, ["S", "a", "k", "m", "n", "type"]);
        let named: BTreeSet<&str> = found.names_in_modules().collect();
        let named: Vec<&str> = named.into_iter().collect();
        assert_eq!(named, ["C", "b", "c", "e", "f", "ffi", "g", "h", "m"]);
        assert!(found.imported_whole.contains("C") && found.imported_whole.len() == 2);
    }

    #[test]
    fn preambles_are_counted() {
        let mut found = RustItems::default();
        found.read("use cgo::c_preamble; c_preamble! {} cgo::c_preamble!(\"\");");
        assert_eq!(found.preambles, 2);
    }
}
