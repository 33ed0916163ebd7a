//! Reads the debugging information entries of a DWARF unit: sections in, a flat list of entries with the attributes that say
//! something of types out.
//!
//! Numbers are those of the DWARF 5 standard, chapter 7; units of versions 2 to 4 differ in their header alone. Nothing here
//! trusts the bytes: what lies outside of a section is `None`.

use super::forms::{Cursor, Specification, Texts, Value, until_nul, value};
use super::numbers as dw;
use crate::probe::object::{Bytes, ObjectFile};

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
pub(crate) fn units<'a>(object: &'a ObjectFile<'_>) -> Option<Vec<Unit<'a>>> {
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
    let mut known: Option<(u64, Vec<Abbreviation>)> = None;
    while start < info.all.len() as u64 {
        let mut cursor = Cursor {
            bytes: info,
            at: start,
        };
        let header = header(&mut cursor)?;
        // What follows a unit is not its.
        cursor.bytes = info.part(0, header.end)?;
        let (_, list) = match known.take().filter(|known| known.0 == header.abbreviations) {
            Some(same) => known.insert(same),
            None => {
                let list = abbreviations(section(".debug_abbrev"), header.abbreviations)?;
                known.insert((header.abbreviations, list))
            }
        };
        units.push(unit(cursor, start, &header, list, &texts)?);
        start = header.end;
    }
    Some(units)
}

pub(super) struct Header {
    end: u64,
    pub(super) version: u64,
    pub(super) address_size: u64,
    /// 4 bytes, or 8 in the 64-bit format.
    pub(super) offset_size: u64,
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

/// More attributes no compiler gives an entry; one takes no byte of its own where its form says so.
const MOST_ATTRIBUTES: usize = 256;

/// What entries of one kind look like.
struct Abbreviation {
    code: u64,
    tag: u64,
    has_children: bool,
    specifications: Vec<Specification>,
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
                dw::FORM_IMPLICIT_CONST => cursor.sleb()?,
                _ => 0,
            };
            if name == 0 && form == 0 {
                break;
            }
            // An entry has each attribute once (DWARF 5, 2.2).
            let is_first = || {
                specifications
                    .iter()
                    .all(|other: &Specification| other.name != name)
            };
            specifications.push(Specification {
                name,
                form,
                implicit,
                kept: KEPT.contains(&name) && is_first(),
            });
            if specifications.len() > MOST_ATTRIBUTES {
                return None;
            }
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
            if specification.kept {
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
