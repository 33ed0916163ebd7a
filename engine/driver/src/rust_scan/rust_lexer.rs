//! Cuts Rust source into words and signs, to look for names in it. Comments and literals are cut like all other text: a name too many
//! costs little, and to recognize a comment takes longer than to read it.
//!
//! A debug build of a user runs this without optimization over all sources of the crate. So the lexer hashes a word while it looks for
//! its end, keeps the token in its own fields, and skips the signs that are not wanted.

use cgo_csyntax::word_set::WordHash;

use crate::rust_scan::text::WORD_BYTES;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RustToken {
    /// A name, a keyword or a number.
    Word,
    /// One byte of anything else.
    Sign(u8),
}

/// What the lexer does with a byte.
#[derive(Clone, Copy)]
enum Class {
    Word,
    Sign,
    Skipped,
}

/// Which bytes are tokens.
pub(crate) struct TokenBytes([Class; 256]);

impl TokenBytes {
    /// Words, and these signs.
    pub(crate) const fn words_and(signs: &[u8]) -> TokenBytes {
        let mut classes = [Class::Skipped; 256];
        let mut byte = 0;
        while byte < 256 {
            if WORD_BYTES[byte] {
                classes[byte] = Class::Word;
            }
            byte += 1;
        }
        let mut index = 0;
        while index < signs.len() {
            classes[signs[index] as usize] = Class::Sign;
            index += 1;
        }
        TokenBytes(classes)
    }
}

/// Reads the tokens of a source, and holds the last one.
pub(crate) struct RustLexer<'a> {
    source: &'a [u8],
    bytes: &'static TokenBytes,
    /// Where the token starts, with the `r#` of a raw identifier.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// The hash of a word.
    pub(crate) hash: WordHash,
    /// Whether a word is a raw identifier.
    pub(crate) is_raw: bool,
}

impl<'a> RustLexer<'a> {
    pub(crate) fn new(source: &'a [u8], bytes: &'static TokenBytes) -> RustLexer<'a> {
        RustLexer {
            source,
            bytes,
            start: 0,
            // Behind a byte order mark.
            end: if source.starts_with(b"\xef\xbb\xbf") {
                3
            } else {
                0
            },
            hash: WordHash::EMPTY,
            is_raw: false,
        }
    }

    /// Reads the next token; `None` at the end.
    pub(crate) fn read(&mut self) -> Option<RustToken> {
        let (source, bytes) = (self.source, &self.bytes.0);
        let mut at = self.end;
        while at < source.len() {
            match bytes[source[at] as usize] {
                Class::Skipped => at += 1,
                Class::Sign => {
                    (self.start, self.end, self.is_raw) = (at, at + 1, false);
                    return Some(RustToken::Sign(source[at]));
                }
                Class::Word => {
                    self.word(at);
                    return Some(RustToken::Word);
                }
            }
        }
        None
    }

    fn word(&mut self, start: usize) {
        let source = self.source;
        self.start = start;
        self.is_raw = source[start..].starts_with(b"r#");
        let mut at = if self.is_raw { start + 2 } else { start };
        let mut hash = WordHash::EMPTY;
        while at < source.len() && WORD_BYTES[source[at] as usize] {
            hash = hash.with(source[at]);
            at += 1;
        }
        (self.end, self.hash) = (at, hash);
    }

    /// The word, without `r#`.
    pub(crate) fn text(&self) -> &'a [u8] {
        let start = if self.is_raw {
            self.start + 2
        } else {
            self.start
        };
        &self.source[start..self.end]
    }
}
