//! Reads numbers one after another: fixed ones, and those of variable length (DWARF 5, 7.6), which WebAssembly has too.

use crate::bytes::Bytes;

/// Bytes that are read one after another.
pub struct Cursor<'a> {
    pub bytes: Bytes<'a>,
    pub at: u64,
}

impl<'a> Cursor<'a> {
    pub fn is_at_end(&self) -> bool {
        self.at >= self.bytes.all.len() as u64
    }

    pub fn fixed(&mut self, size: u64) -> Option<u64> {
        let value = self.bytes.unsigned(self.at, size)?;
        self.at += size;
        Some(value)
    }

    /// The next bytes.
    pub fn part(&mut self, length: u64) -> Option<Bytes<'a>> {
        let part = self.bytes.part(self.at, length)?;
        self.at += length;
        Some(part)
    }

    /// DWARF 5, 7.6: seven bits a byte, the lowest first. What does not fit into 64 bits is lost.
    fn leb(&mut self) -> Option<(u64, u32, bool)> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let byte = self.fixed(1)?;
            value |= (byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift = shift.saturating_add(7);
            if byte & 0x80 == 0 {
                return Some((value, shift, byte & 0x40 != 0));
            }
        }
    }

    pub fn uleb(&mut self) -> Option<u64> {
        Some(self.leb()?.0)
    }

    pub fn sleb(&mut self) -> Option<i64> {
        let (value, shift, negative) = self.leb()?;
        let sign = match negative {
            true => u64::MAX.checked_shl(shift).unwrap_or(0),
            false => 0,
        };
        Some((value | sign) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes: &[u8]) -> Cursor<'_> {
        let bytes = Bytes {
            all: bytes,
            little_endian: true,
        };
        Cursor { bytes, at: 0 }
    }

    /// DWARF 5, figures 47 and 48.
    #[test]
    fn numbers_of_variable_length() {
        for (bytes, value) in [
            (&[2][..], 2),
            (&[127], 127),
            (&[128, 1], 128),
            (&[57 + 0x80, 100], 12857),
        ] {
            assert_eq!(reader(bytes).uleb(), Some(value));
        }
        for (bytes, value) in [
            (&[2][..], 2),
            (&[0x7e], -2),
            (&[127 + 0x80, 0], 127),
            (&[1 + 0x80, 0x7f], -127),
            (&[0x80, 0x7f], -128),
            (&[1 + 0x80, 0x7e], -255),
        ] {
            assert_eq!(reader(bytes).sleb(), Some(value), "{bytes:?}");
        }
        assert_eq!(reader(&[0x80]).uleb(), None);
    }
}
