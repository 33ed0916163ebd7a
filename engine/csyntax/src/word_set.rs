//! A set of words that is fast without optimization. A user's debug build runs this code unoptimized over all sources of the crate,
//! and there the standard set takes a microsecond per word.

/// Words, each once.
#[derive(Clone, Debug, Default)]
pub struct WordSet {
    words: Vec<String>,
    /// Indices into `words` plus one, by hash; zero is empty. A power of two long, and never more than half full.
    table: Vec<u32>,
}

/// FNV-1a, a byte at a time: the scan that finds a word's end computes it on the way.
#[derive(Clone, Copy)]
pub struct WordHash(u32);

impl WordHash {
    pub const EMPTY: WordHash = WordHash(0x811c_9dc5);

    pub const fn with(self, byte: u8) -> WordHash {
        WordHash((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }

    pub fn of(word: &str) -> WordHash {
        WordHash::EMPTY.then(word)
    }

    /// The loop is written by hand: without optimization an iterator takes four times as long.
    pub fn then(mut self, word: &str) -> WordHash {
        let (bytes, mut at) = (word.as_bytes(), 0);
        while at < bytes.len() {
            self = self.with(bytes[at]);
            at += 1;
        }
        self
    }

    pub const fn value(self) -> u32 {
        self.0
    }
}

impl WordSet {
    pub fn contains(&self, word: &str) -> bool {
        !self.table.is_empty() && self.table[self.slot(word.as_bytes(), WordHash::of(word))] != 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Adds a word whose hash is known. A word that is not UTF-8 is left out: Rust has none.
    pub fn insert(&mut self, word: &[u8], hash: WordHash) {
        if self.words.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(word, hash);
        if self.table[slot] == 0
            && let Ok(word) = std::str::from_utf8(word)
        {
            self.words.push(word.to_string());
            self.table[slot] = self.words.len() as u32;
        }
    }

    /// The slot of the word, or the empty slot where it belongs.
    fn slot(&self, word: &[u8], hash: WordHash) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = hash.0 as usize & mask;
        loop {
            match self.table[slot] {
                0 => return slot,
                index if self.words[index as usize - 1].as_bytes() == word => return slot,
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(1024)];
        for index in 0..self.words.len() {
            let word = &self.words[index];
            let slot = self.slot(word.as_bytes(), WordHash::of(word));
            self.table[slot] = index as u32 + 1;
        }
    }
}

impl<'a> FromIterator<&'a str> for WordSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> WordSet {
        let mut set = WordSet::default();
        for word in words {
            set.insert(word.as_bytes(), WordHash::of(word));
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_once() {
        let many: Vec<String> = (0..5000)
            .map(|number| format!("w{}", number % 2500))
            .collect();
        let set: WordSet = many.iter().map(String::as_str).collect();
        assert_eq!(set.iter().count(), 2500);
        assert!(set.contains("w0") && set.contains("w2499") && !set.contains("w2500"));
        assert!(!WordSet::default().contains("w0"));
    }
}
