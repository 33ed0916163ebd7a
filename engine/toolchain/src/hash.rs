//! The hash for keys.

use std::hash::{DefaultHasher, Hasher};

/// A hash of 128 bits over a sequence of texts, for keys.
#[derive(Clone)]
pub struct Hash {
    halves: [DefaultHasher; 2],
}

impl Default for Hash {
    fn default() -> Hash {
        let mut halves = [DefaultHasher::new(), DefaultHasher::new()];
        halves[1].write_u8(1);
        Hash { halves }
    }
}

impl Hash {
    pub fn add(&mut self, text: &str) -> &mut Hash {
        for half in &mut self.halves {
            half.write_usize(text.len());
            half.write(text.as_bytes());
        }
        self
    }

    /// The first 64 bits.
    pub fn half(&self) -> u64 {
        self.halves[0].finish()
    }

    pub fn hex(&self) -> String {
        format!(
            "{:016x}{:016x}",
            self.halves[0].finish(),
            self.halves[1].finish()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together() {
        let hex = |texts: &[&str]| {
            let mut hash = Hash::default();
            texts.iter().for_each(|text| {
                hash.add(text);
            });
            hash.hex()
        };
        assert_ne!(hex(&["ab", "c"]), hex(&["a", "bc"]));
        assert_eq!(hex(&["ab", "c"]), hex(&["ab", "c"]));
        assert_eq!(hex(&[]).len(), 32);
    }
}
