//! Reads the abbreviations: which attributes the entries of a kind have, and in which forms (DWARF 5, 7.5.3).

use cgo_object::{Bytes, Cursor};

use super::forms::AttributeSpecification;
use super::numbers as dw;

/// The attributes that are kept. A list of all that a compiler writes would be three times as long.
const KEPT: [u64; 19] = [
    dw::AT_NAME,
    dw::AT_BYTE_SIZE,
    dw::AT_BIT_OFFSET,
    dw::AT_BIT_SIZE,
    dw::AT_CONST_VALUE,
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

/// No compiler gives an entry more attributes. The limit is needed: an attribute whose form says so takes no byte.
const MOST_ATTRIBUTES: usize = 256;

/// The tag and the attributes of entries of one kind.
pub(super) struct Abbreviation {
    pub(super) code: u64,
    pub(super) tag: u64,
    pub(super) has_children: bool,
    pub(super) specifications: Vec<AttributeSpecification>,
}

pub(super) fn abbreviations(section: Bytes<'_>, start: u64) -> Option<Vec<Abbreviation>> {
    let mut reader = Cursor {
        bytes: section,
        at: start,
    };
    let mut list = Vec::new();
    loop {
        let code = reader.uleb()?;
        if code == 0 {
            return Some(list);
        }
        let (tag, has_children) = (reader.uleb()?, reader.fixed(1)? != 0);
        let mut specifications = Vec::new();
        loop {
            let (name, form) = (reader.uleb()?, reader.uleb()?);
            let implicit = match form {
                dw::FORM_IMPLICIT_CONST => reader.sleb()?,
                _ => 0,
            };
            if name == 0 && form == 0 {
                break;
            }
            // An entry has each attribute once (DWARF 5, 2.2).
            let is_first = || {
                specifications
                    .iter()
                    .all(|other: &AttributeSpecification| other.name != name)
            };
            specifications.push(AttributeSpecification {
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
