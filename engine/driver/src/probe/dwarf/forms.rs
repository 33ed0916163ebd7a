//! Reads the values of attributes, each in the form that its specification names: DWARF 5, 7.5.6 and 7.6.

use super::entries::Header;
use super::numbers as dw;
use crate::probe::object::Bytes;

/// What an attribute says.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Unsigned(u64),
    Signed(i64),
    Flag(bool),
    Text(&'a [u8]),
    /// An entry of the same unit, by its offset.
    Reference(u64),
    /// By its number in `.debug_str_offsets`, whose start the unit's first entry says.
    NumberedText(u64),
    /// Nothing that is asked for here: an address, an expression, another unit's entry.
    Other,
}

#[derive(Clone, Copy)]
pub(super) struct Specification {
    pub(super) name: u64,
    pub(super) form: u64,
    /// The value of `DW_FORM_implicit_const`.
    pub(super) implicit: i64,
    /// Whether anyone will ask for the value.
    pub(super) kept: bool,
}

/// The sections that hold texts.
pub(super) struct Texts<'a> {
    pub(super) inline: Bytes<'a>,
    pub(super) line: Bytes<'a>,
    pub(super) offsets: Bytes<'a>,
}

pub(super) fn value<'a>(
    cursor: &mut Cursor<'a>,
    specification: Specification,
    header: &Header,
    texts: &Texts<'a>,
) -> Option<Value<'a>> {
    let offset = header.offset_size;
    Some(match specification.form {
        // data1, data2, data4, data8, udata, and sec_offset.
        0x0b => Value::Unsigned(cursor.fixed(1)?),
        0x05 => Value::Unsigned(cursor.fixed(2)?),
        0x06 => Value::Unsigned(cursor.fixed(4)?),
        0x07 => Value::Unsigned(cursor.fixed(8)?),
        0x0f => Value::Unsigned(cursor.uleb()?),
        0x17 => Value::Unsigned(cursor.fixed(offset)?),
        // sdata.
        0x0d => Value::Signed(cursor.sleb()?),
        dw::FORM_IMPLICIT_CONST => Value::Signed(specification.implicit),
        // flag, flag_present.
        0x0c => Value::Flag(cursor.fixed(1)? != 0),
        0x19 => Value::Flag(true),
        // string, strp, line_strp.
        0x08 => {
            let text = until_nul(cursor.bytes, cursor.at)?;
            cursor.skip(text.len() as u64 + 1)?;
            Value::Text(text)
        }
        0x0e => Value::Text(until_nul(texts.inline, cursor.fixed(offset)?)?),
        0x1f => Value::Text(until_nul(texts.line, cursor.fixed(offset)?)?),
        // strx, strx1, strx2, strx3, strx4.
        0x1a => Value::NumberedText(cursor.uleb()?),
        form @ 0x25..=0x28 => Value::NumberedText(cursor.fixed(form - 0x24)?),
        // ref1, ref2, ref4, ref8, ref_udata.
        0x11 => Value::Reference(cursor.fixed(1)?),
        0x12 => Value::Reference(cursor.fixed(2)?),
        0x13 => Value::Reference(cursor.fixed(4)?),
        0x14 => Value::Reference(cursor.fixed(8)?),
        0x15 => Value::Reference(cursor.uleb()?),
        dw::FORM_INDIRECT => {
            let form = cursor.uleb()?;
            // One that names itself would go round for ever.
            if form == dw::FORM_INDIRECT || form == dw::FORM_IMPLICIT_CONST {
                return None;
            }
            let specification = Specification {
                form,
                ..specification
            };
            value(cursor, specification, header, texts)?
        }
        other => {
            let length = match other {
                // addr; ref_addr, which was as wide as an address in DWARF 2; strp_sup.
                0x01 => header.address_size,
                0x10 if header.version == 2 => header.address_size,
                0x10 | 0x1d => offset,
                // block2, block4, block and exprloc, block1.
                0x03 => cursor.fixed(2)?,
                0x04 => cursor.fixed(4)?,
                0x09 | 0x18 => cursor.uleb()?,
                0x0a => cursor.fixed(1)?,
                // addrx, loclistx, rnglistx.
                0x1b | 0x22 | 0x23 => {
                    cursor.uleb()?;
                    0
                }
                // ref_sup4, ref_sup8, ref_sig8, data16; addrx1 to addrx4.
                0x1c => 4,
                0x20 | 0x24 => 8,
                0x1e => 16,
                form @ 0x29..=0x2c => form - 0x28,
                _ => return None,
            };
            cursor.skip(length)?;
            Value::Other
        }
    })
}

pub(super) fn until_nul(bytes: Bytes<'_>, at: u64) -> Option<&[u8]> {
    let rest = bytes.all.get(usize::try_from(at).ok()?..)?;
    let mut end = 0;
    while *rest.get(end)? != 0 {
        end += 1;
    }
    Some(&rest[..end])
}

/// Bytes that are read one after another.
pub(super) struct Cursor<'a> {
    pub(super) bytes: Bytes<'a>,
    pub(super) at: u64,
}

impl Cursor<'_> {
    pub(super) fn fixed(&mut self, size: u64) -> Option<u64> {
        let value = self.bytes.unsigned(self.at, size)?;
        self.at += size;
        Some(value)
    }

    fn skip(&mut self, length: u64) -> Option<()> {
        self.bytes.part(self.at, length)?;
        self.at += length;
        Some(())
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

    pub(super) fn uleb(&mut self) -> Option<u64> {
        Some(self.leb()?.0)
    }

    pub(super) fn sleb(&mut self) -> Option<i64> {
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

    fn cursor(bytes: &[u8]) -> Cursor<'_> {
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
            assert_eq!(cursor(bytes).uleb(), Some(value));
        }
        for (bytes, value) in [
            (&[2][..], 2),
            (&[0x7e], -2),
            (&[127 + 0x80, 0], 127),
            (&[1 + 0x80, 0x7f], -127),
            (&[0x80, 0x7f], -128),
            (&[1 + 0x80, 0x7e], -255),
        ] {
            assert_eq!(cursor(bytes).sleb(), Some(value), "{bytes:?}");
        }
        assert_eq!(cursor(&[0x80]).uleb(), None);
    }
}
