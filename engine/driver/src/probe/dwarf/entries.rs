//! Reads the debugging information entries (DIEs) of a unit: sections in, a flat list of entries out, with the attributes that
//! describe types.
//!
//! The numbers are those of DWARF 5, chapter 7. Units of versions 2 to 4 differ only in their header. Nothing here trusts the
//! bytes: what lies outside of a section is `None`.

use cgo_object::{Bytes, Cursor, DebugSection};

use super::abbreviations::{Abbreviation, abbreviations};
use super::forms::{AttributeValue, TextSections, until_nul, value};
use super::numbers as dw;
use super::unit_header::{UnitHeader, header};
use crate::probe::probe_object::ProbeObject;

/// The entries of a compilation unit in their order, each before its children.
pub(crate) struct DwarfUnit<'a> {
    pub(crate) address_size: u64,
    entries: Vec<Entry>,
    attributes: Vec<(u64, AttributeValue<'a>)>,
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

impl DwarfUnit<'_> {
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

    fn value(&self, id: EntryId, name: u64) -> Option<AttributeValue<'_>> {
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
            AttributeValue::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        }
    }

    pub(crate) fn name(&self, id: EntryId) -> Option<String> {
        self.text(id, dw::AT_NAME)
    }

    pub(crate) fn flag(&self, id: EntryId, name: u64) -> bool {
        matches!(self.value(id, name), Some(AttributeValue::Flag(true)))
    }

    pub(crate) fn unsigned(&self, id: EntryId, name: u64) -> Option<u64> {
        match self.value(id, name)? {
            AttributeValue::Unsigned(value) => Some(value),
            AttributeValue::Signed(value) => u64::try_from(value).ok(),
            _ => None,
        }
    }

    pub(crate) fn signed(&self, id: EntryId, name: u64) -> Option<i64> {
        match self.value(id, name)? {
            AttributeValue::Unsigned(value) => i64::try_from(value).ok(),
            AttributeValue::Signed(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, id: EntryId, name: u64) -> Option<i128> {
        match self.value(id, name)? {
            AttributeValue::Unsigned(value) => Some(value.into()),
            AttributeValue::Signed(value) => Some(value.into()),
            _ => None,
        }
    }

    /// The type that the entry names; `None` for `void`.
    pub(crate) fn ctype(&self, id: EntryId) -> Option<EntryId> {
        let AttributeValue::Reference(offset) = self.value(id, dw::AT_TYPE)? else {
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
pub(crate) fn units<'a>(object: &'a ProbeObject<'_>) -> Option<Vec<DwarfUnit<'a>>> {
    let section = |section| Bytes {
        all: object.debug_section(section),
        little_endian: object.little_endian,
    };
    let info = section(DebugSection::Info);
    let sections = TextSections {
        strings: section(DebugSection::Strings),
        line_strings: section(DebugSection::LineStrings),
        offsets: section(DebugSection::StringOffsets),
    };
    let mut units = Vec::new();
    let mut start = 0;
    let mut known: Option<(u64, Vec<Abbreviation>)> = None;
    while start < info.all.len() as u64 {
        let mut reader = Cursor {
            bytes: info,
            at: start,
        };
        let header = header(&mut reader)?;
        // No entry reads on into the next unit.
        reader.bytes = info.part(0, header.end)?;
        let (_, list) = match known.take().filter(|known| known.0 == header.abbreviations) {
            Some(same) => known.insert(same),
            None => {
                let list =
                    abbreviations(section(DebugSection::Abbreviations), header.abbreviations)?;
                known.insert((header.abbreviations, list))
            }
        };
        units.push(unit(reader, start, &header, list, &sections)?);
        start = header.end;
    }
    Some(units)
}

fn unit<'a>(
    mut reader: Cursor<'a>,
    start: u64,
    header: &UnitHeader,
    abbreviations: &[Abbreviation],
    sections: &TextSections<'a>,
) -> Option<DwarfUnit<'a>> {
    let mut unit = DwarfUnit {
        address_size: header.address_size,
        entries: Vec::new(),
        attributes: Vec::new(),
    };
    // The entries whose children are being read.
    let mut open: Vec<usize> = Vec::new();
    while reader.at < header.end {
        let offset = reader.at - start;
        let code = reader.uleb()?;
        let count = unit.entries.len();
        if code == 0 {
            let Some(done) = open.pop() else {
                continue;
            };
            unit.entries[done].next = count;
            continue;
        }
        // Compilers number the abbreviations from 1 on.
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
            let value = value(&mut reader, *specification, header, sections)?;
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
    resolve_text_indices(&mut unit, header, sections);
    Some(unit)
}

/// Finds the texts that are given by index. That needs the first entry of the unit, which says where their offsets start.
fn resolve_text_indices<'a>(
    unit: &mut DwarfUnit<'a>,
    header: &UnitHeader,
    sections: &TextSections<'a>,
) {
    let base = unit.unsigned(DwarfUnit::ROOT, dw::AT_STR_OFFSETS_BASE);
    for (_, value) in &mut unit.attributes {
        if let AttributeValue::TextIndex(index) = *value {
            let text = base.and_then(|base| {
                let at = base.checked_add(index.checked_mul(header.offset_size)?)?;
                until_nul(
                    sections.strings,
                    sections.offsets.unsigned(at, header.offset_size)?,
                )
            });
            *value = text.map_or(AttributeValue::Other, AttributeValue::Text);
        }
    }
}
