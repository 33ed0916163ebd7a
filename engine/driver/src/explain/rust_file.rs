//! The Rust file of a preamble as the compiler's messages speak of it.

/// The Rust file as the compiler's messages name it, with the lines that the preamble stands on.
#[derive(Clone)]
pub(crate) struct RustFile {
    pub(crate) path: String,
    /// As rustc's own messages write it.
    pub(crate) shown: String,
    pub(crate) first_line: usize,
    /// The preamble, with its first line's indentation.
    pub(crate) text: String,
}

impl RustFile {
    /// The column in characters of one in bytes.
    pub(crate) fn column(&self, line: usize, bytes: usize) -> usize {
        let index = line.checked_sub(self.first_line);
        let text = index.and_then(|index| self.text.lines().nth(index));
        let before = text.and_then(|text| text.as_bytes().get(..bytes.saturating_sub(1)));
        before.map_or(bytes, |before| {
            String::from_utf8_lossy(before).chars().count() + 1
        })
    }
}
