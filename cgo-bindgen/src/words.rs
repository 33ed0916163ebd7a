//! Reads which words the crate's Rust sources hold: a name of a system header is bound if it is among them.

use std::fs;
use std::path::Path;

use crate::sources::rust_files;
use crate::word_set::{WordHash, WordSet};

/// The words of some Rust sources.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// All of them.
    pub(crate) found: WordSet,
    /// The words right after `::`, and those in the brackets of `::{..}`.
    pub(crate) paths: WordSet,
}

/// Reads every `.rs` file below `folder`.
pub(crate) fn read(folder: &Path) -> Words {
    let mut words = Words::default();
    for file in rust_files(folder) {
        words.scan(&fs::read(file).unwrap_or_default());
    }
    words
}

impl Words {
    pub(crate) fn scan(&mut self, source: &[u8]) {
        const WORD: [bool; 256] = word_bytes();
        let mut at = 0;
        // How many of the open brackets are those of a list after `::`.
        let mut lists = 0usize;
        let after_colons = |at: usize| at >= 2 && source[at - 1] == b':' && source[at - 2] == b':';
        while at < source.len() {
            if !WORD[source[at] as usize] {
                match source[at] {
                    b'{' if lists > 0 || after_colons(at) => lists += 1,
                    b'}' => lists = lists.saturating_sub(1),
                    _ => {}
                }
                at += 1;
                continue;
            }
            let start = at;
            let mut hash = WordHash::EMPTY;
            while at < source.len() && WORD[source[at] as usize] {
                hash = hash.with(source[at]);
                at += 1;
            }
            let word = &source[start..at];
            if !word[0].is_ascii_digit() {
                self.found.insert(word, hash);
                if lists > 0 || after_colons(start) {
                    self.paths.insert(word, hash);
                }
            }
        }
    }
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
    fn words_of_a_list() {
        let mut words = Words::default();
        words.scan(b"use a::C::{puts, inner::{deep}, last}; fn plain() { x }");
        for word in ["puts", "deep", "last"] {
            assert!(words.paths.contains(word), "{word}");
        }
        assert!(!words.paths.contains("plain") && !words.paths.contains("x"));
    }

    #[test]
    fn words_and_paths() {
        let mut words = Words::default();
        words.scan(b"let x = C::puts(r#type, 12u8); // strlen");
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
