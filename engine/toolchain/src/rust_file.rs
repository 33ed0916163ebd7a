//! The Rust file of a preamble, as the compiler's messages refer to it.

use cgo_csyntax::diagnostic::Place;

/// The file, with the lines of the preamble.
#[derive(Clone)]
pub struct RustFile {
    /// The compiler's name for it.
    pub path: String,
    /// rustc's name for it.
    pub shown: String,
    pub first_line: usize,
    /// The preamble, with the indentation of its first line.
    pub text: String,
}

impl RustFile {
    /// The place of a word on a line.
    pub fn place_of(&self, line: usize, word: &str) -> Option<Place> {
        let text = self.text.lines().nth(line.checked_sub(self.first_line)?)?;
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let (at, _) = text.match_indices(word).find(|(at, _)| {
            !text[..*at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
        })?;
        let column = text[..at].chars().count() + 1;
        Some(Place { line, column })
    }

    /// The column in characters of a column in bytes.
    pub fn column(&self, line: usize, bytes: usize) -> usize {
        let index = line.checked_sub(self.first_line);
        let text = index.and_then(|index| self.text.lines().nth(index));
        let before = text.and_then(|text| text.as_bytes().get(..bytes.saturating_sub(1)));
        before.map_or(bytes, |before| {
            String::from_utf8_lossy(before).chars().count() + 1
        })
    }
}
