//! Reads which words the crate's Rust sources hold: a name of a system header is bound if it is among them.

use std::fs;

use cgo_csyntax::word_set::{WordHash, WordSet};

use crate::rust_scan::files::rust_files;
use crate::rust_scan::text::WORD_BYTES as WORD;
use crate::session::Session;

/// The words of some Rust sources.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// All of them.
    pub(crate) found: WordSet,
    /// The words right after `::`, and those in the brackets of `::{..}`.
    pub(crate) paths: WordSet,
    /// Those of them where the module's name stands before the `::`.
    pub(crate) asked: WordSet,
}

impl Words {
    /// Those of every `.rs` file below the folder of the crate's root, for a preamble whose module has this name; `None`
    /// where that folder is not known.
    pub(crate) fn of(session: &Session, module: &str) -> Option<Words> {
        let mut words = Words::default();
        for file in rust_files(session.crate_folder()?) {
            words.scan(&fs::read(file).unwrap_or_default(), module);
        }
        Some(words)
    }

    pub(crate) fn scan(&mut self, source: &[u8], module: &str) {
        // A byte order mark.
        let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
        let module = format!("{module}::");
        let before = |at: usize| match source[..at].ends_with(b"::") {
            false => Path::None,
            true if source[..at].ends_with(module.as_bytes())
                && (at == module.len() || !WORD[source[at - module.len() - 1] as usize]) =>
            {
                Path::OfModule
            }
            true => Path::OfOther,
        };
        let mut at = 0;
        // How many of the open brackets are those of a list after `::`.
        let mut lists = 0usize;
        let mut list = Path::None;
        let mut is_renamed = false;
        while at < source.len() {
            if !WORD[source[at] as usize] {
                match source[at] {
                    b'{' if lists > 0 => lists += 1,
                    b'{' => {
                        list = before(at);
                        lists = usize::from(list != Path::None);
                    }
                    b'}' => lists = lists.saturating_sub(1),
                    _ => {}
                }
                at += 1;
                continue;
            }
            let mut start = at;
            let mut place = match lists {
                0 => before(start),
                _ => list,
            };
            let is_raw = source[start..].starts_with(b"r#");
            if is_raw {
                start += 2;
                at = start;
            }
            let mut hash = WordHash::EMPTY;
            while at < source.len() && WORD[source[at] as usize] {
                hash = hash.with(source[at]);
                at += 1;
            }
            let word = &source[start..at];
            if word.is_empty() || word[0].is_ascii_digit() {
                continue;
            }
            self.found.insert(word, hash);
            // In `{a as b}` neither `as` nor `b` is a name of the module's.
            if place != Path::None {
                let is_name = !is_renamed && (is_raw || !is_keyword(word));
                is_renamed = lists > 0 && word == b"as";
                if !is_name {
                    place = Path::None;
                }
            }
            if place != Path::None {
                self.paths.insert(word, hash);
            }
            if place == Path::OfModule {
                self.asked.insert(word, hash);
            }
        }
    }
}

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Path {
    None,
    /// `::` behind the module's name.
    OfModule,
    OfOther,
}

/// What is a keyword in every edition: C's name of this kind is written with `r#`.
fn is_keyword(word: &[u8]) -> bool {
    /// In the order of the alphabet.
    const KEYWORDS: [&[u8]; 35] = [
        b"Self",
        b"as",
        b"break",
        b"const",
        b"continue",
        b"crate",
        b"else",
        b"enum",
        b"extern",
        b"false",
        b"fn",
        b"for",
        b"if",
        b"impl",
        b"in",
        b"let",
        b"loop",
        b"match",
        b"mod",
        b"move",
        b"mut",
        b"pub",
        b"ref",
        b"return",
        b"self",
        b"static",
        b"struct",
        b"super",
        b"trait",
        b"true",
        b"type",
        b"unsafe",
        b"use",
        b"where",
        b"while",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_module_is_asked_for() {
        let mut words = Words::default();
        words.scan(
            b"use crate::C::{self, a, b as c}; C::d(); C::r#type; fooC::e(); D::f(); x::C::g::h",
            "C",
        );
        let mut asked: Vec<&str> = words.asked.iter().collect();
        asked.sort_unstable();
        assert_eq!(asked, ["a", "b", "d", "g", "type"]);
    }

    #[test]
    fn words_of_a_list() {
        let mut words = Words::default();
        words.scan(
            b"use a::C::{puts, inner::{deep}, last}; fn plain() { x }",
            "C",
        );
        for word in ["puts", "deep", "last"] {
            assert!(words.paths.contains(word), "{word}");
        }
        assert!(!words.paths.contains("plain") && !words.paths.contains("x"));
    }

    #[test]
    fn words_and_paths() {
        let mut words = Words::default();
        words.scan(b"let x = C::puts(r#type, 12u8); // strlen", "C");
        for word in ["puts", "type", "strlen", "x"] {
            assert!(words.found.contains(word), "{word}");
        }
        assert!(
            words.paths.contains("puts")
                && !words.paths.contains("C")
                && !words.found.contains("12u8")
        );
    }
}
