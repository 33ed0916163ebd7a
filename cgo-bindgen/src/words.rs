//! Reads which words the crate's Rust sources hold: a name of a system header is bound if it is among them.

use std::fs;

use cgo_preamble::word_set::{WordHash, WordSet};

use crate::environment::Session;
use crate::sources::rust_files;

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
        const WORD: [bool; 256] = word_bytes();
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
            let place = match lists {
                0 => before(start),
                _ => list,
            };
            if source[start..].starts_with(b"r#") {
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

const fn word_bytes() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_module_is_asked_for() {
        let mut words = Words::default();
        words.scan(
            b"use crate::C::{a, b as c}; C::d(); C::r#type; fooC::e(); D::f(); x::C::g::h",
            "C",
        );
        let mut asked: Vec<&str> = words.asked.iter().collect();
        asked.sort_unstable();
        assert_eq!(asked, ["a", "as", "b", "c", "d", "g", "type"]);
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
