//! Reads the debugging information entries of a DWARF unit: sections in, a flat list of entries with the attributes that say
//! something of types out.
//!
//! Numbers are those of the DWARF 5 standard, chapter 7; units of versions 2 to 4 differ in their header alone. Nothing here
//! trusts the bytes: what lies outside of a section is `None`.

use crate::object_file::{Bytes, ObjectFile};

/// Names of tags and attributes, and values of some attributes, as the standard calls them.
pub(crate) mod dw {
    pub(crate) const TAG_ARRAY_TYPE: u64 = 0x01;
    pub(crate) const TAG_ENUMERATION_TYPE: u64 = 0x04;
    pub(crate) const TAG_FORMAL_PARAMETER: u64 = 0x05;
    pub(crate) const TAG_MEMBER: u64 = 0x0d;
    pub(crate) const TAG_POINTER_TYPE: u64 = 0x0f;
    pub(crate) const TAG_STRUCTURE_TYPE: u64 = 0x13;
    pub(crate) const TAG_SUBROUTINE_TYPE: u64 = 0x15;
    pub(crate) const TAG_TYPEDEF: u64 = 0x16;
    pub(crate) const TAG_UNION_TYPE: u64 = 0x17;
    pub(crate) const TAG_UNSPECIFIED_PARAMETERS: u64 = 0x18;
    pub(crate) const TAG_SUBRANGE_TYPE: u64 = 0x21;
    pub(crate) const TAG_BASE_TYPE: u64 = 0x24;
    pub(crate) const TAG_CONST_TYPE: u64 = 0x26;
    pub(crate) const TAG_ENUMERATOR: u64 = 0x28;
    pub(crate) const TAG_SUBPROGRAM: u64 = 0x2e;
    pub(crate) const TAG_VOLATILE_TYPE: u64 = 0x35;
    pub(crate) const TAG_RESTRICT_TYPE: u64 = 0x37;
    pub(crate) const TAG_UNSPECIFIED_TYPE: u64 = 0x3b;
    pub(crate) const TAG_ATOMIC_TYPE: u64 = 0x47;

    pub(crate) const AT_NAME: u64 = 0x03;
    pub(crate) const AT_BYTE_SIZE: u64 = 0x0b;
    pub(crate) const AT_BIT_OFFSET: u64 = 0x0c;
    pub(crate) const AT_BIT_SIZE: u64 = 0x0d;
    pub(crate) const AT_PRODUCER: u64 = 0x25;
    pub(crate) const AT_PROTOTYPED: u64 = 0x27;
    pub(crate) const AT_UPPER_BOUND: u64 = 0x2f;
    pub(crate) const AT_CALLING_CONVENTION: u64 = 0x36;
    pub(crate) const AT_COUNT: u64 = 0x37;
    pub(crate) const AT_DATA_MEMBER_LOCATION: u64 = 0x38;
    pub(crate) const AT_DECLARATION: u64 = 0x3c;
    pub(crate) const AT_ENCODING: u64 = 0x3e;
    pub(crate) const AT_TYPE: u64 = 0x49;
    pub(crate) const AT_ENDIANITY: u64 = 0x65;
    pub(crate) const AT_DATA_BIT_OFFSET: u64 = 0x6b;
    pub(crate) const AT_STR_OFFSETS_BASE: u64 = 0x72;
    pub(crate) const AT_ALIGNMENT: u64 = 0x88;
    pub(crate) const AT_GNU_VECTOR: u64 = 0x2107;

    pub(crate) const CC_NORMAL: u64 = 1;
    pub(crate) const END_BIG: u64 = 1;
    pub(crate) const END_LITTLE: u64 = 2;

    pub(crate) const ATE_BOOLEAN: u64 = 0x02;
    pub(crate) const ATE_COMPLEX_FLOAT: u64 = 0x03;
    pub(crate) const ATE_FLOAT: u64 = 0x04;
    pub(crate) const ATE_SIGNED: u64 = 0x05;
    pub(crate) const ATE_SIGNED_CHAR: u64 = 0x06;
    pub(crate) const ATE_UNSIGNED: u64 = 0x07;
    pub(crate) const ATE_UNSIGNED_CHAR: u64 = 0x08;
    pub(crate) const ATE_UTF: u64 = 0x10;
}

/// The attributes that are kept. A list of all that a compiler writes would be three times as long.
const KEPT: [u64; 18] = [
    dw::AT_NAME,
    dw::AT_BYTE_SIZE,
    dw::AT_BIT_OFFSET,
    dw::AT_BIT_SIZE,
    dw::AT_PRODUCER,
    dw::AT_PROTOTYPED,
    dw::AT_UPPER_BOUND,
    dw::AT_CALLING_CONVENTION,
    dw::AT_COUNT,
    dw::AT_DATA_MEMBER_LOCATION,
    dw::AT_DECLARATION,
    dw::AT_ENCODING,
    dw::AT_TYPE,
    dw::AT_ENDIANITY,
    dw::AT_DATA_BIT_OFFSET,
    dw::AT_STR_OFFSETS_BASE,
    dw::AT_ALIGNMENT,
    dw::AT_GNU_VECTOR,
];

/// The entries of one unit in their order, each before its children.
pub(crate) struct Unit<'a> {
    pub(crate) address_size: u64,
    entries: Vec<Entry>,
    attributes: Vec<(u64, Value<'a>)>,
}

struct Entry {
    /// From the start of the unit.
    offset: u64,
    tag: u64,
    /// Where its attributes start; they end where those of the next entry start.
    attributes: usize,
    /// The entry after its last descendant.
    next: usize,
}

/// An entry's place in the list.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EntryId(usize);

/// What an attribute says.
#[derive(Clone, Copy)]
enum Value<'a> {
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

impl Unit<'_> {
    /// The unit's own entry, which all others are below.
    pub(crate) const ROOT: EntryId = EntryId(0);

    pub(crate) fn tag(&self, id: EntryId) -> u64 {
        self.entries[id.0].tag
    }

    /// The entries directly below this one.
    pub(crate) fn children(&self, id: EntryId) -> Vec<EntryId> {
        let mut children = Vec::new();
        let (mut child, end) = (id.0 + 1, self.entries[id.0].next);
        while child < end {
            children.push(EntryId(child));
            child = self.entries[child].next;
        }
        children
    }

    fn value(&self, id: EntryId, name: u64) -> Option<Value<'_>> {
        let mut at = self.entries[id.0].attributes;
        let end = match self.entries.get(id.0 + 1) {
            Some(after) => after.attributes,
            None => self.attributes.len(),
        };
        while at < end {
            if self.attributes[at].0 == name {
                return Some(self.attributes[at].1);
            }
            at += 1;
        }
        None
    }

    pub(crate) fn text(&self, id: EntryId, name: u64) -> Option<String> {
        match self.value(id, name)? {
            Value::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        }
    }

    pub(crate) fn name(&self, id: EntryId) -> Option<String> {
        self.text(id, dw::AT_NAME)
    }

    pub(crate) fn flag(&self, id: EntryId, name: u64) -> bool {
        matches!(self.value(id, name), Some(Value::Flag(true)))
    }

    pub(crate) fn unsigned(&self, id: EntryId, name: u64) -> Option<u64> {
        match self.value(id, name)? {
            Value::Unsigned(value) => Some(value),
            Value::Signed(value) => u64::try_from(value).ok(),
            _ => None,
        }
    }

    pub(crate) fn signed(&self, id: EntryId, name: u64) -> Option<i64> {
        match self.value(id, name)? {
            Value::Unsigned(value) => i64::try_from(value).ok(),
            Value::Signed(value) => Some(value),
            _ => None,
        }
    }

    /// The type that the entry names; `None` for `void`.
    pub(crate) fn ctype(&self, id: EntryId) -> Option<EntryId> {
        let Value::Reference(offset) = self.value(id, dw::AT_TYPE)? else {
            return None;
        };
        let (mut low, mut high) = (0, self.entries.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.entries[middle].offset < offset {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        let found = self.entries.get(low)?;
        (found.offset == offset).then_some(EntryId(low))
    }
}

/// The units of an object file, in order.
pub(crate) fn units(object: &ObjectFile) -> Option<Vec<Unit<'_>>> {
    let section = |name| Bytes {
        all: object.debug_section(name),
        little_endian: object.little_endian,
    };
    let info = section(".debug_info");
    let texts = Texts {
        inline: section(".debug_str"),
        line: section(".debug_line_str"),
        offsets: section(".debug_str_offsets"),
    };
    let mut units = Vec::new();
    let mut start = 0;
    while start < info.all.len() as u64 {
        let mut cursor = Cursor {
            bytes: info,
            at: start,
        };
        let header = header(&mut cursor)?;
        // What follows a unit is not its.
        cursor.bytes = info.part(0, header.end)?;
        let abbreviations = abbreviations(section(".debug_abbrev"), header.abbreviations)?;
        units.push(unit(cursor, start, &header, &abbreviations, &texts)?);
        start = header.end;
    }
    Some(units)
}

/// The sections that hold texts.
struct Texts<'a> {
    inline: Bytes<'a>,
    line: Bytes<'a>,
    offsets: Bytes<'a>,
}

struct Header {
    end: u64,
    version: u64,
    address_size: u64,
    /// 4 bytes, or 8 in the 64-bit format.
    offset_size: u64,
    abbreviations: u64,
}

/// DWARF 5, 7.5.1.
fn header(cursor: &mut Cursor<'_>) -> Option<Header> {
    const IS_64_BIT: u64 = 0xffff_ffff;
    const UNIT_TYPE_COMPILE: u64 = 1;
    const UNIT_TYPE_PARTIAL: u64 = 3;
    let mut length = cursor.fixed(4)?;
    let mut offset_size = 4;
    if length == IS_64_BIT {
        length = cursor.fixed(8)?;
        offset_size = 8;
    }
    let end = cursor.at.checked_add(length)?;
    let version = cursor.fixed(2)?;
    let (address_size, abbreviations);
    match version {
        5 => {
            let kind = cursor.fixed(1)?;
            if kind != UNIT_TYPE_COMPILE && kind != UNIT_TYPE_PARTIAL {
                return None;
            }
            address_size = cursor.fixed(1)?;
            abbreviations = cursor.fixed(offset_size)?;
        }
        2..=4 => {
            abbreviations = cursor.fixed(offset_size)?;
            address_size = cursor.fixed(1)?;
        }
        _ => return None,
    }
    Some(Header {
        end,
        version,
        address_size,
        offset_size,
        abbreviations,
    })
}

/// What entries of one kind look like.
struct Abbreviation {
    code: u64,
    tag: u64,
    has_children: bool,
    specifications: Vec<Specification>,
}

#[derive(Clone, Copy)]
struct Specification {
    name: u64,
    form: u64,
    /// The value of `DW_FORM_implicit_const`.
    implicit: i64,
}

/// DWARF 5, 7.5.3.
fn abbreviations(section: Bytes<'_>, start: u64) -> Option<Vec<Abbreviation>> {
    let mut cursor = Cursor {
        bytes: section,
        at: start,
    };
    let mut list = Vec::new();
    loop {
        let code = cursor.uleb()?;
        if code == 0 {
            return Some(list);
        }
        let (tag, has_children) = (cursor.uleb()?, cursor.fixed(1)? != 0);
        let mut specifications = Vec::new();
        loop {
            let (name, form) = (cursor.uleb()?, cursor.uleb()?);
            let implicit = match form {
                form::IMPLICIT_CONST => cursor.sleb()?,
                _ => 0,
            };
            if name == 0 && form == 0 {
                break;
            }
            specifications.push(Specification {
                name,
                form,
                implicit,
            });
        }
        list.push(Abbreviation {
            code,
            tag,
            has_children,
            specifications,
        });
    }
}

fn unit<'a>(
    mut cursor: Cursor<'a>,
    start: u64,
    header: &Header,
    abbreviations: &[Abbreviation],
    texts: &Texts<'a>,
) -> Option<Unit<'a>> {
    let mut unit = Unit {
        address_size: header.address_size,
        entries: Vec::new(),
        attributes: Vec::new(),
    };
    // The entries whose children are being read.
    let mut open: Vec<usize> = Vec::new();
    while cursor.at < header.end {
        let offset = cursor.at - start;
        let code = cursor.uleb()?;
        let count = unit.entries.len();
        if code == 0 {
            let Some(done) = open.pop() else {
                continue;
            };
            unit.entries[done].next = count;
            continue;
        }
        // The compilers number them from 1 on.
        let expected = usize::try_from(code - 1).ok()?;
        let abbreviation = match abbreviations.get(expected) {
            Some(abbreviation) if abbreviation.code == code => abbreviation,
            _ => abbreviations.iter().find(|other| other.code == code)?,
        };
        unit.entries.push(Entry {
            offset,
            tag: abbreviation.tag,
            attributes: unit.attributes.len(),
            next: count + 1,
        });
        for specification in &abbreviation.specifications {
            let value = value(&mut cursor, *specification, header, texts)?;
            if KEPT.contains(&specification.name) {
                unit.attributes.push((specification.name, value));
            }
        }
        if abbreviation.has_children {
            open.push(count);
        }
    }
    let count = unit.entries.len();
    for entry in open {
        unit.entries[entry].next = count;
    }
    if count == 0 {
        return None;
    }
    find_numbered(&mut unit, header, texts);
    Some(unit)
}

/// Texts that are told by number can be found only when the unit's first entry has been read.
fn find_numbered<'a>(unit: &mut Unit<'a>, header: &Header, texts: &Texts<'a>) {
    let base = unit.unsigned(Unit::ROOT, dw::AT_STR_OFFSETS_BASE);
    for (_, value) in &mut unit.attributes {
        if let Value::NumberedText(number) = *value {
            let text = base.and_then(|base| {
                let at = base.checked_add(number.checked_mul(header.offset_size)?)?;
                until_nul(
                    texts.inline,
                    texts.offsets.unsigned(at, header.offset_size)?,
                )
            });
            *value = text.map_or(Value::Other, Value::Text);
        }
    }
}

/// DWARF 5, 7.5.6.
mod form {
    pub(super) const INDIRECT: u64 = 0x16;
    pub(super) const IMPLICIT_CONST: u64 = 0x21;
}

fn value<'a>(
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
        form::IMPLICIT_CONST => Value::Signed(specification.implicit),
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
        form::INDIRECT => {
            let form = cursor.uleb()?;
            // One that names itself would go round for ever.
            if form == form::INDIRECT || form == form::IMPLICIT_CONST {
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

fn until_nul(bytes: Bytes<'_>, at: u64) -> Option<&[u8]> {
    let rest = bytes.all.get(usize::try_from(at).ok()?..)?;
    let mut end = 0;
    while *rest.get(end)? != 0 {
        end += 1;
    }
    Some(&rest[..end])
}

/// Bytes that are read one after another.
struct Cursor<'a> {
    bytes: Bytes<'a>,
    at: u64,
}

impl Cursor<'_> {
    fn fixed(&mut self, size: u64) -> Option<u64> {
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

    fn uleb(&mut self) -> Option<u64> {
        Some(self.leb()?.0)
    }

    fn sleb(&mut self) -> Option<i64> {
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
