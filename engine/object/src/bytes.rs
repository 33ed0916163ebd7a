//! Reads integers and names from bytes that may be damaged: what lies outside of them is `None`.

/// Bytes with their byte order.
#[derive(Clone, Copy, Default)]
pub struct Bytes<'a> {
    pub all: &'a [u8],
    pub little_endian: bool,
}

impl<'a> Bytes<'a> {
    pub fn part(self, start: u64, length: u64) -> Option<Bytes<'a>> {
        let (start, length) = (usize::try_from(start).ok()?, usize::try_from(length).ok()?);
        let all = self.all.get(start..start.checked_add(length)?)?;
        Some(Bytes { all, ..self })
    }

    /// The unsigned integer of `size` bytes, 8 at most.
    pub fn unsigned(self, at: u64, size: u64) -> Option<u64> {
        Some(number(self.part(at, size)?.all, self.little_endian))
    }

    /// The name that ends at the next NUL, as those of symbols and sections do.
    pub fn name(self, at: u64) -> Option<&'a str> {
        let rest = self.all.get(usize::try_from(at).ok()?..)?;
        let end = rest.iter().position(|&byte| byte == 0)?;
        std::str::from_utf8(&rest[..end]).ok()
    }
}

pub fn number(bytes: &[u8], little_endian: bool) -> u64 {
    let (mut number, last) = (0, bytes.len().wrapping_sub(1));
    for index in 0..bytes.len() {
        let byte = bytes[if little_endian { last - index } else { index }];
        number = number << 8 | u64::from(byte);
    }
    number
}

pub fn store(number: u64, bytes: &mut [u8], little_endian: bool) {
    let last = bytes.len().wrapping_sub(1);
    for (index, byte) in bytes.iter_mut().enumerate() {
        let place = if little_endian { index } else { last - index };
        *byte = number.checked_shr(8 * place as u32).unwrap_or(0) as u8;
    }
}
