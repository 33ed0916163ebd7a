//! Collects the words of the crate's Rust sources: a name of a system header is bound if it is among them.

use std::fs;

use cgo_csyntax::diagnostic::Placed;
use cgo_csyntax::preamble::Import;
use cgo_csyntax::word_set::{WordHash, WordSet};
use cgo_toolchain::session::Session;
use cgo_toolchain::session::rust_files::rust_files;

use crate::checked_in;
use crate::rust_scan::rust_lexer::{RustLexer, RustToken, TokenBytes};
use crate::rust_scan::text::WORD_BYTES;

/// The words of some Rust sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct RustWords {
    pub(crate) all: WordSet,
    /// The words right after `::`, and those in the brackets of `::{..}`.
    pub(crate) in_paths: WordSet,
    /// The words of paths that begin with the module of the preamble.
    pub(crate) of_module: WordSet,
}

impl RustWords {
    /// The words of every `.rs` file below the folder of the crate's root; `None` if that folder is not known. `module` is the name
    /// of the module that the preamble becomes.
    pub(crate) fn of(session: &Session, module: &str) -> Option<RustWords> {
        let mut words = RustWords::default();
        for file in rust_files(session.crate_folder()?) {
            let source = fs::read(file).unwrap_or_default();
            if !source.starts_with(checked_in::HEADING.as_bytes()) {
                words.scan(&source, module);
            }
        }
        Some(words)
    }

    /// Adds the names of types that the preamble's head imports: it calls them as if they were names of its module.
    pub(crate) fn add_imports(&mut self, imports: &[Import]) {
        for Import { name, .. } in imports {
            self.of_module.insert(name.as_bytes(), WordHash::of(name));
        }
    }

    /// The same words, and each behind each of these starts: a name of C without its start uses the whole name.
    pub(crate) fn with_starts(&self, starts: &[Placed<String>]) -> RustWords {
        let mut words = self.clone();
        for Placed { value: start, .. } in starts {
            for (from, to) in [
                (&self.all, &mut words.all),
                (&self.of_module, &mut words.of_module),
            ] {
                for word in from.iter() {
                    let whole = format!("{start}{word}");
                    to.insert(whole.as_bytes(), WordHash::of(&whole));
                }
            }
        }
        words
    }

    /// Adds the words of a source.
    pub(crate) fn scan(&mut self, source: &[u8], module: &str) {
        let path_start = format!("{module}::");
        let before = |at: usize| match source[..at].ends_with(b"::") {
            false => Path::None,
            true if source[..at].ends_with(path_start.as_bytes())
                && (at == path_start.len()
                    || !WORD_BYTES[source[at - path_start.len() - 1] as usize]) =>
            {
                Path::OfModule
            }
            true => Path::OfOther,
        };
        // The open lists after `::`, each in the one before it.
        let mut lists = Vec::new();
        let mut is_renamed = false;
        let mut lexer = RustLexer::new(source, &WORDS_AND_BRACES);
        while let Some(token) = lexer.read() {
            match token {
                RustToken::Word => {}
                RustToken::Sign(b'{') => {
                    match before(lexer.start) {
                        Path::None if lists.is_empty() => {}
                        path => lists.push(path),
                    }
                    continue;
                }
                RustToken::Sign(_) => {
                    lists.pop();
                    continue;
                }
            }
            let word = lexer.text();
            if word.is_empty() || word[0].is_ascii_digit() {
                continue;
            }
            self.all.insert(word, lexer.hash);
            let path = match (before(lexer.start), lists.last()) {
                (Path::None, Some(list)) => *list,
                (path, _) => path,
            };
            if path == Path::None {
                continue;
            }
            // In `{a as b}` neither `as` nor `b` is a name of the module.
            let is_name = !is_renamed && (lexer.is_raw || !is_keyword(word));
            is_renamed = !lists.is_empty() && word == b"as";
            if !is_name {
                continue;
            }
            self.in_paths.insert(word, lexer.hash);
            if path == Path::OfModule {
                self.of_module.insert(word, lexer.hash);
            }
        }
    }
}

static WORDS_AND_BRACES: TokenBytes = TokenBytes::words_and(b"{}");

/// The path that a word follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Path {
    None,
    /// `module::`
    OfModule,
    OfOther,
}

/// Whether the word is a keyword in every edition. A C name like it is written with `r#`.
fn is_keyword(word: &[u8]) -> bool {
    /// In alphabetical order.
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
        let mut words = RustWords::default();
        words.scan(
            b"use crate::C::{self, a, b as c}; C::d(); C::r#type; fooC::e(); D::f(); x::C::g::h; \
              use crate::{C::{i as j, k::l}, D::{m}, C::n, o}; fn f() { p }",
            "C",
        );
        let mut asked: Vec<&str> = words.of_module.iter().collect();
        asked.sort();
        assert_eq!(asked, ["a", "b", "d", "g", "i", "k", "n", "type"]);
    }

    #[test]
    fn words_of_a_list() {
        let mut words = RustWords::default();
        words.scan(
            b"use a::C::{puts, inner::{deep}, last}; fn plain() { x }",
            "C",
        );
        for word in ["puts", "deep", "last"] {
            assert!(words.in_paths.contains(word), "{word}");
        }
        assert!(!words.in_paths.contains("plain") && !words.in_paths.contains("x"));
    }

    #[test]
    fn words_and_paths() {
        let mut words = RustWords::default();
        words.scan(b"let x = C::puts(r#type, 12u8); // strlen", "C");
        for word in ["puts", "type", "strlen", "x"] {
            assert!(words.all.contains(word), "{word}");
        }
        assert!(
            words.in_paths.contains("puts")
                && !words.in_paths.contains("C")
                && !words.all.contains("12u8")
        );
    }

    /// How long the scan takes, unoptimized as in a debug build: the least of some runs over 50,000 lines.
    #[test]
    #[ignore = "it measures, for whoever changes the scan"]
    fn time_of_a_scan() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let files = ["engine", "cgo-macros/src", "cgo-runtime/src", "tests"];
        let files = files
            .iter()
            .flat_map(|folder| rust_files(&root.join(folder)));
        let lines: Vec<String> = files
            .flat_map(|file| {
                let text = fs::read_to_string(file).unwrap();
                text.lines()
                    .map(|line| format!("{line}\n"))
                    .collect::<Vec<_>>()
            })
            .collect();
        let source: String = lines
            .iter()
            .cycle()
            .take(50_000)
            .map(String::as_str)
            .collect();
        let times = (0..15).map(|_| {
            let start = std::time::Instant::now();
            let mut words = RustWords::default();
            words.scan(source.as_bytes(), "C");
            (start.elapsed(), words.all.iter().count())
        });
        println!("{} bytes: {:?}", source.len(), times.min());
    }
}
