//! Hashes: of all that something depends on, for its name, and of bytes, for whether they have changed.

use std::hash::{DefaultHasher, Hasher};

/// 128 bits over a sequence of texts, each apart from the next.
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

    /// 64 bits of it.
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

/// A sum of all bytes, quick also where nothing is optimized: by it damage is known, and nothing else.
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

/// One step of a sum.
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
