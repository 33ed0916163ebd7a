//! Reads what of the crate's Rust matters only after an error: which types it gives methods to, which fields they are taken
//! apart into, what it defines itself, and how many preambles it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::rust_scan::files::rust_files;
use crate::rust_scan::text::{is_in_word, plain};
use crate::session::Session;

/// What a crate's sources say.
#[derive(Debug, Default)]
pub(crate) struct RustAgain {
    /// The names in `impl path::name {`.
    pub(crate) have_methods: BTreeSet<String>,
    /// `name as other`, `type other = path::name`: the other name first.
    renamed: Vec<(String, String)>,
    /// The names in `name { here, here: 1 }`, by the name before the brackets.
    pub(crate) fields: BTreeMap<String, BTreeSet<String>>,
    /// The names of its functions, types, constants, modules.
    pub(crate) defined: BTreeSet<String>,
    /// The modules among those, and what may be one: `crate`, `self`, `super`, another name.
    modules: BTreeSet<String>,
    /// The names in paths, by the name before the `::`.
    paths: BTreeMap<String, BTreeSet<String>>,
    /// The modules in `name::*`.
    pub(crate) imported_whole: BTreeSet<String>,
    /// How often a preamble is begun.
    pub(crate) preambles: usize,
}

impl RustAgain {
    /// All files below the folder of the crate's root; nothing where that is not known.
    pub(crate) fn of(session: &Session) -> RustAgain {
        let mut found = RustAgain::default();
        for file in session.crate_folder().map(rust_files).unwrap_or_default() {
            found.read(&fs::read_to_string(file).unwrap_or_default());
        }
        found.rename();
        found
    }

    pub(crate) fn read(&mut self, source: &str) {
        self.preambles += source.matches("c_preamble!").count();
        self.read_items(source);
        for (at, word) in source.match_indices("impl") {
            let begins = !source[..at].ends_with(is_in_word);
            let name = begins.then(|| given_methods(&source[at + word.len()..]));
            let name = name.flatten().map(str::to_string);
            self.have_methods.extend(name);
        }
        for sign in [" as ", " = "] {
            for (at, _) in source.match_indices(sign) {
                let (before, behind) = (&source[..at], &source[at + sign.len()..]);
                let left = &before[before.trim_end_matches(in_path).len()..];
                let right = &behind[..behind.find(|c| !in_path(c)).unwrap_or(behind.len())];
                let (name, other) = match sign {
                    " as " => (left, right),
                    _ => (right, left),
                };
                let last = |path: &str| plain(path.rsplit(':').next().unwrap_or(path)).to_string();
                self.renamed.push((last(other), last(name)));
            }
        }
        for (at, _) in source.match_indices('{') {
            let before = source[..at].trim_end();
            let path = before.trim_end_matches(in_path);
            let is_block = path.trim_end().ends_with("->");
            let name = before[path.len()..].rsplit(':').next();
            if let Some(name) = name.filter(|name| !name.is_empty() && !is_block)
                && let Some(fields) = fields(&source[at + 1..])
            {
                let known = self.fields.entry(plain(name).to_string()).or_default();
                known.extend(fields.into_iter().map(str::to_string));
            }
        }
    }

    /// The names that are asked of a module of the crate, one whose name is not known among them; not those of other crates and of
    /// types.
    pub(crate) fn asked_of_modules(&self) -> BTreeSet<&str> {
        let modules = self.modules.iter().filter_map(|name| self.paths.get(name));
        modules.flatten().map(String::as_str).collect()
    }

    /// Whether a name of the module may stand beside one of the crate's own, where all names of both are imported.
    pub(crate) fn meets(&self, module: &str, name: &str) -> bool {
        self.imported_whole.contains(module) && self.defined.contains(name)
    }

    fn read_items(&mut self, source: &str) {
        // The names before the open brackets: `name::{`.
        let mut lists = Vec::new();
        let (mut last, mut keyword, mut at) = ("", "", 0);
        while at < source.len() {
            let rest = &source[at..];
            let word = &rest[..rest.find(|c| !in_path(c) || c == ':').unwrap_or(rest.len())];
            let in_path = source[..at].ends_with("::").then_some(last);
            if word.is_empty() {
                let sign = rest.chars().next();
                match sign {
                    Some('{') => lists.push(in_path),
                    Some('}') => _ = lists.pop(),
                    Some('*') => self.imported_whole.extend(in_path.map(str::to_string)),
                    _ => {}
                }
                if sign.is_some_and(|sign| !sign.is_whitespace()) {
                    keyword = "";
                }
                at += sign.map_or(1, char::len_utf8);
                continue;
            }
            if word == "c_preamble" {
                at += word.len() + call(&rest[word.len()..]);
                continue;
            }
            // In `*const T` and `'static` it begins no item.
            let begins = !source[..at].ends_with(['*', '\'']);
            at += word.len();
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
            if !(word == "mut" && keyword == "static") {
                keyword = if begins { word } else { "" };
            }
        }
    }

    /// What has methods or fields under another name has them.
    fn rename(&mut self) {
        for (other, name) in &self.renamed {
            if self.have_methods.contains(other) {
                self.have_methods.insert(name.clone());
            }
            if let Some(fields) = self.fields.get(other).cloned() {
                self.fields.entry(name.clone()).or_default().extend(fields);
            }
        }
    }
}

/// The keywords that a name follows which the crate defines.
const ITEMS: [&str; 9] = [
    "fn", "struct", "enum", "union", "type", "const", "static", "trait", "mod",
];

/// The last name of the path behind an `impl`; `None` where a trait is implemented.
fn given_methods(behind: &str) -> Option<&str> {
    let path = match behind.trim_start().strip_prefix('<') {
        Some(generics) => generics.split_once('>')?.1,
        None => behind.strip_prefix(char::is_whitespace)?,
    };
    let path = path.trim_start();
    let (path, rest) = path.split_at(path.find(|c| !in_path(c))?);
    let rest = rest.trim_start();
    let body = rest.starts_with('{') || rest.starts_with("where ");
    let name = path.rsplit(':').next()?;
    body.then(|| plain(name))
}

/// How long a macro's arguments are, from behind its name: what C defines there is no Rust.
fn call(behind: &str) -> usize {
    let Some(inside) = behind.trim_start().strip_prefix('!') else {
        return 0;
    };
    let inside = inside.trim_start();
    let Some(open) = inside.chars().next() else {
        return 0;
    };
    let close = match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return 0,
    };
    let mut depth = 0usize;
    for (at, c) in inside.char_indices() {
        depth += usize::from(c == open);
        depth -= usize::from(c == close);
        if depth == 0 {
            return behind.len() - inside.len() + at + 1;
        }
    }
    0
}

fn in_path(c: char) -> bool {
    is_in_word(c) || matches!(c, ':' | '#')
}

/// The names of a literal's or pattern's fields, from behind its opening bracket; `None` if it is something else.
fn fields(mut text: &str) -> Option<Vec<&str>> {
    let mut fields = Vec::new();
    loop {
        text = text.trim_start();
        if text.starts_with('}') || text.starts_with("..") {
            return Some(fields);
        }
        let name = &text[..text.find(|c| !in_path(c) || c == ':').unwrap_or(0)];
        let behind = text[name.len()..].trim_start();
        if name.is_empty() || behind.starts_with("::") {
            return None;
        }
        fields.push(plain(name));
        text = match behind.chars().next()? {
            ',' => &behind[1..],
            '}' => return Some(fields),
            ':' => {
                let end = end_of_value(&behind[1..])?;
                let rest = &behind[1 + end..];
                rest.strip_prefix(',').unwrap_or(rest)
            }
            _ => return None,
        };
    }
}

/// Where the comma or the bracket behind a field's value stands.
fn end_of_value(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ',' | ')' | ']' | '}' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_methods_of_their_own() {
        let mut found = RustAgain::default();
        found.read(
            "impl C::a { } impl<'a> crate::C::r#type where i32: Sized {} impl plain{} impl T for C::b {} \
             impl<T> Other<T> {} fn f() -> impl Fn() {} simpl c {} impl",
        );
        let names: Vec<&str> = found.have_methods.iter().map(String::as_str).collect();
        assert_eq!(names, ["a", "plain", "type"]);
    }

    #[test]
    fn fields_of_literals_and_patterns() {
        let mut found = RustAgain::default();
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
        let mut found = RustAgain::default();
        found.read("use C::{a as One, b}; type Two = crate::C::c; impl One {} impl Two {} let Two { x, .. } = y;");
        found.rename();
        assert!(
            ["a", "c"]
                .iter()
                .all(|name| found.have_methods.contains(*name))
        );
        assert!(!found.have_methods.contains("b") && found.fields["c"].contains("x"));
    }

    #[test]
    fn what_a_crate_defines_and_asks_its_modules_for() {
        let mut found = RustAgain::default();
        found.read(
            "pub fn a<T>(x: T) {} struct r#type; static mut S: &'static T = 0; fn n(x: *const T, f: fn(T)); mod m; use super::C::*; use other::*; \
             c_preamble! { struct of_c { int i; }; } c_preamble!(/* struct of_c *f(void); */); use crate::ffi as raw; use raw::{b, c::d, m::{e}, f}; m::g(); raw::h; E::I; std::j; fn k() { l }",
        );
        let defined: Vec<&str> = found.defined.iter().map(String::as_str).collect();
        assert_eq!(defined, ["S", "a", "k", "m", "n", "type"]);
        let asked: Vec<&str> = found.asked_of_modules().into_iter().collect();
        assert_eq!(asked, ["C", "b", "c", "e", "f", "ffi", "g", "h", "m"]);
        assert!(found.imported_whole.contains("C") && found.imported_whole.len() == 2);
    }

    #[test]
    fn preambles_are_counted() {
        let mut found = RustAgain::default();
        found.read("use cgo::c_preamble; c_preamble! {} cgo::c_preamble!(\"\");");
        assert_eq!(found.preambles, 2);
    }
}
