//! Reads the values of attributes, each in the form that its specification names: DWARF 5, 7.5.6.

use cgo_object::{Bytes, Cursor};

use super::numbers as dw;
use super::unit_header::UnitHeader;

/// What an attribute says.
#[derive(Clone, Copy)]
pub(super) enum AttributeValue<'a> {
    Unsigned(u64),
    Signed(i64),
    Flag(bool),
    Text(&'a [u8]),
    /// An entry of the same unit, by its offset.
    Reference(u64),
    /// The index of a text in `.debug_str_offsets`. Where the unit's part of that section starts, its first entry says.
    TextIndex(u64),
    /// Nothing that is read here: an address, an expression, an entry of another unit.
    Other,
}

/// How an attribute of an abbreviation is written.
#[derive(Clone, Copy)]
pub(super) struct AttributeSpecification {
    pub(super) name: u64,
    pub(super) form: u64,
    /// The value of `DW_FORM_implicit_const`.
    pub(super) implicit: i64,
    /// Whether the value is kept.
    pub(super) kept: bool,
}

/// The sections that hold texts.
pub(super) struct TextSections<'a> {
    /// `.debug_str`
    pub(super) strings: Bytes<'a>,
    /// `.debug_line_str`
    pub(super) line_strings: Bytes<'a>,
    /// `.debug_str_offsets`
    pub(super) offsets: Bytes<'a>,
}

pub(super) fn value<'a>(
    reader: &mut Cursor<'a>,
    specification: AttributeSpecification,
    header: &UnitHeader,
    sections: &TextSections<'a>,
) -> Option<AttributeValue<'a>> {
    let mut form = specification.form;
    if form == dw::FORM_INDIRECT {
        form = reader.uleb()?;
        // A form that names itself never ends, and an implicit value stands in no entry.
        if form == dw::FORM_INDIRECT || form == dw::FORM_IMPLICIT_CONST {
            return None;
        }
    }
    let offset = header.offset_size;
    Some(match form {
        dw::FORM_DATA1 => AttributeValue::Unsigned(reader.fixed(1)?),
        dw::FORM_DATA2 => AttributeValue::Unsigned(reader.fixed(2)?),
        dw::FORM_DATA4 => AttributeValue::Unsigned(reader.fixed(4)?),
        dw::FORM_DATA8 => AttributeValue::Unsigned(reader.fixed(8)?),
        dw::FORM_UDATA => AttributeValue::Unsigned(reader.uleb()?),
        dw::FORM_SEC_OFFSET => AttributeValue::Unsigned(reader.fixed(offset)?),
        dw::FORM_SDATA => AttributeValue::Signed(reader.sleb()?),
        dw::FORM_IMPLICIT_CONST => AttributeValue::Signed(specification.implicit),
        dw::FORM_FLAG => AttributeValue::Flag(reader.fixed(1)? != 0),
        dw::FORM_FLAG_PRESENT => AttributeValue::Flag(true),
        dw::FORM_STRING => {
            let text = until_nul(reader.bytes, reader.at)?;
            reader.part(text.len() as u64 + 1)?;
            AttributeValue::Text(text)
        }
        dw::FORM_STRP => AttributeValue::Text(until_nul(sections.strings, reader.fixed(offset)?)?),
        dw::FORM_LINE_STRP => {
            AttributeValue::Text(until_nul(sections.line_strings, reader.fixed(offset)?)?)
        }
        dw::FORM_STRX => AttributeValue::TextIndex(reader.uleb()?),
        dw::FORM_STRX1..=dw::FORM_STRX4 => {
            AttributeValue::TextIndex(reader.fixed(form - dw::FORM_STRX1 + 1)?)
        }
        dw::FORM_REF1 => AttributeValue::Reference(reader.fixed(1)?),
        dw::FORM_REF2 => AttributeValue::Reference(reader.fixed(2)?),
        dw::FORM_REF4 => AttributeValue::Reference(reader.fixed(4)?),
        dw::FORM_REF8 => AttributeValue::Reference(reader.fixed(8)?),
        dw::FORM_REF_UDATA => AttributeValue::Reference(reader.uleb()?),
        _ => {
            let length = length_of_other(form, reader, header)?;
            reader.part(length)?;
            AttributeValue::Other
        }
    })
}

/// The length of a value that is not read. What stands before it says the length of a block.
fn length_of_other(form: u64, reader: &mut Cursor<'_>, header: &UnitHeader) -> Option<u64> {
    Some(match form {
        dw::FORM_ADDR => header.address_size,
        // It was as wide as an address in DWARF 2.
        dw::FORM_REF_ADDR if header.version == 2 => header.address_size,
        dw::FORM_REF_ADDR | dw::FORM_STRP_SUP => header.offset_size,
        dw::FORM_BLOCK1 => reader.fixed(1)?,
        dw::FORM_BLOCK2 => reader.fixed(2)?,
        dw::FORM_BLOCK4 => reader.fixed(4)?,
        dw::FORM_BLOCK | dw::FORM_EXPRLOC => reader.uleb()?,
        dw::FORM_ADDRX | dw::FORM_LOCLISTX | dw::FORM_RNGLISTX => {
            reader.uleb()?;
            0
        }
        dw::FORM_REF_SUP4 => 4,
        dw::FORM_REF_SIG8 | dw::FORM_REF_SUP8 => 8,
        dw::FORM_DATA16 => 16,
        dw::FORM_ADDRX1..=dw::FORM_ADDRX4 => form - dw::FORM_ADDRX1 + 1,
        _ => return None,
    })
}

/// The bytes up to the next NUL, without it.
pub(super) fn until_nul(bytes: Bytes<'_>, at: u64) -> Option<&[u8]> {
    let rest = bytes.all.get(usize::try_from(at).ok()?..)?;
    let mut end = 0;
    while *rest.get(end)? != 0 {
        end += 1;
    }
    Some(&rest[..end])
}
