//! Hashes: one for keys, and a quick one that detects damage.

use std::hash::{DefaultHasher, Hasher};

/// A hash of 128 bits over a sequence of texts, for keys.
#[derive(Clone)]
pub(crate) struct Hash {
    halves: [DefaultHasher; 2],
}

impl Hash {
    pub(crate) fn new() -> Hash {
        let mut halves = [DefaultHasher::new(), DefaultHasher::new()];
        halves[1].write_u8(1);
        Hash { halves }
    }

    pub(crate) fn add(&mut self, text: &str) -> &mut Hash {
        for half in &mut self.halves {
            half.write_usize(text.len());
            half.write(text.as_bytes());
        }
        self
    }

    /// The first 64 bits.
    pub(crate) fn half(&self) -> u64 {
        self.halves[0].finish()
    }

    pub(crate) fn hex(&self) -> String {
        format!(
            "{:016x}{:016x}",
            self.halves[0].finish(),
            self.halves[1].finish()
        )
    }
}

/// A checksum, quick also in a debug build. It detects damage only.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut sum = bytes.len() as u64;
    for word in words {
        sum = mix(sum, u64::from_le_bytes(*word));
    }
    for byte in rest {
        sum = mix(sum, u64::from(*byte));
    }
    sum
}

/// One step of the checksum.
pub(super) fn mix(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together() {
        let hex = |texts: &[&str]| {
            let mut hash = Hash::new();
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
