//! Cuts Rust source text into pieces, for the engine and the macros where they have no tokens.

pub mod literal;

/// The kind of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RustPiece {
    /// An identifier, a keyword, or a number.
    Word,
    /// A comment.
    Comment,
    /// One blank character.
    Blank,
    /// A string or character.
    Literal,
    /// Any other character.
    Sign,
}

/// The length and kind of the piece that `text` starts with; `None` at the end. A comment or literal that is not closed is all the rest:
/// to read on from each quote would take quadratic time.
pub fn piece(text: &str) -> Option<(usize, RustPiece)> {
    let first = text.chars().next()?;
    if text.starts_with("//") {
        return Some((text.find('\n').unwrap_or(text.len()), RustPiece::Comment));
    }
    if text.starts_with("/*") {
        return Some((block_comment(text), RustPiece::Comment));
    }
    if first.is_whitespace() {
        return Some((first.len_utf8(), RustPiece::Blank));
    }
    if let Some(length) = quoted(text, first) {
        return Some((length, RustPiece::Literal));
    }
    if is_in_word(first) {
        return Some((word(text), RustPiece::Word));
    }
    Some((first.len_utf8(), RustPiece::Sign))
}

/// The bytes of words. All bytes that are not ASCII count as such.
pub(crate) const WORD_BYTES: [bool; 256] = word_bytes();

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

/// Whether a word may contain the character.
pub fn is_in_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of the word that `text` starts with, without an `r#`.
fn word(text: &str) -> usize {
    text.find(|c| !is_in_word(c)).unwrap_or(text.len())
}

/// A name without `r#`.
pub fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The length of the block comment at the start of `text`. Block comments nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a string or character literal of any kind.
fn quoted(text: &str, first: char) -> Option<usize> {
    if !matches!(first, '"' | '\'' | 'b' | 'c' | 'r') {
        return None;
    }
    let behind = text.trim_start_matches(['b', 'c', 'r']);
    let prefix = &text[..text.len() - behind.len()];
    let length = match prefix {
        "" | "b" if behind.starts_with('\'') => character(behind, prefix == "b"),
        "" | "b" | "c" if behind.starts_with('"') => Some(escaped(behind, '"')),
        "r" | "br" | "cr" => raw(behind),
        _ => None,
    };
    length.map(|length| prefix.len() + length)
}

/// The length of a character literal; `None` for a lifetime.
fn character(text: &str, is_byte: bool) -> Option<usize> {
    let mut inside = text[1..].chars();
    let is_escaped = inside.next() == Some('\\');
    (is_byte || is_escaped || inside.next() == Some('\'')).then(|| escaped(text, '\''))
}

fn escaped(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw(text: &str) -> Option<usize> {
    let inside = text.trim_start_matches('#');
    let hashes = text.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let start = hashes + 1;
    let end = format!("\"{}", &text[..hashes]);
    let close = inside.find(&end);
    Some(close.map_or(text.len(), |at| start + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces but for blanks.
    fn pieces(mut text: &str) -> Vec<(&str, RustPiece)> {
        let mut pieces = Vec::new();
        while let Some((length, kind)) = piece(text) {
            pieces.push((&text[..length], kind));
            text = &text[length..];
        }
        pieces.retain(|(_, kind)| *kind != RustPiece::Blank);
        pieces
    }

    #[test]
    fn texts_and_comments_are_one_piece() {
        let literals = [
            r#""a\" b""#,
            r###"r#"z " "#"###,
            r#"b"q""#,
            r#"c"w""#,
            r#"br"v\""#,
            "'c'",
            r"'\''",
            r"b'\n'",
            "'é'",
        ];
        for literal in literals {
            assert_eq!(
                pieces(literal),
                [(literal, RustPiece::Literal)],
                "{literal}"
            );
        }
        for comment in ["// a \" b", "/* a /* b */ ' c */"] {
            assert_eq!(
                pieces(comment),
                [(comment, RustPiece::Comment)],
                "{comment}"
            );
        }
    }

    #[test]
    fn words_and_signs() {
        let texts = |text| {
            let texts = pieces(text).into_iter().map(|(text, _)| text);
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            texts("fn r#a<'b>(c: x1)"),
            [
                "fn", "r", "#", "a", "<", "'", "b", ">", "(", "c", ":", "x1", ")"
            ]
        );
    }

    #[test]
    fn unfinished_text_ends() {
        for text in [
            "\"abc", "r#\"abc", "/* abc", "'\\", "'", "b'", "1e", "'\\é", "r#", "br",
        ] {
            assert!(
                !pieces(text).iter().any(|(text, _)| text.is_empty()),
                "{text}"
            );
        }
    }
}
