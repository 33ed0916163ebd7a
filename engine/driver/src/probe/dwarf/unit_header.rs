//! Reads the header of a unit, in the versions 2 to 5 (DWARF 5, 7.5.1).

use cgo_object::Cursor;

/// What the header says.
pub(super) struct UnitHeader {
    /// Where the unit ends.
    pub(super) end: u64,
    pub(super) version: u64,
    pub(super) address_size: u64,
    /// 4 bytes, or 8 in the 64-bit format.
    pub(super) offset_size: u64,
    /// Where its abbreviations start in their section.
    pub(super) abbreviations: u64,
}

pub(super) fn header(reader: &mut Cursor<'_>) -> Option<UnitHeader> {
    const IS_64_BIT: u64 = 0xffff_ffff;
    const UNIT_TYPE_COMPILE: u64 = 1;
    const UNIT_TYPE_PARTIAL: u64 = 3;
    let mut length = reader.fixed(4)?;
    let mut offset_size = 4;
    if length == IS_64_BIT {
        length = reader.fixed(8)?;
        offset_size = 8;
    }
    let end = reader.at.checked_add(length)?;
    let version = reader.fixed(2)?;
    let (address_size, abbreviations);
    match version {
        5 => {
            let kind = reader.fixed(1)?;
            if kind != UNIT_TYPE_COMPILE && kind != UNIT_TYPE_PARTIAL {
                return None;
            }
            address_size = reader.fixed(1)?;
            abbreviations = reader.fixed(offset_size)?;
        }
        2..=4 => {
            abbreviations = reader.fixed(offset_size)?;
            address_size = reader.fixed(1)?;
        }
        _ => return None,
    }
    Some(UnitHeader {
        end,
        version,
        address_size,
        offset_size,
        abbreviations,
    })
}
