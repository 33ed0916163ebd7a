//! Tells where a member lies in its record (DWARF 5, 5.7.6; for bit-fields also DWARF 3, 5.6.6).

use cgo_codegen::model::types::{Member, Position};

use super::entries::{DwarfUnit, EntryId};
use super::numbers as dw;

/// How many typedefs and qualifiers are followed to a size.
pub(super) const LONGEST_CHAIN: usize = 1000;

/// Where the member of this entry lies.
pub(super) fn position(unit: &DwarfUnit<'_>, little_endian: bool, entry: EntryId) -> Position {
    let Some(width) = unit.unsigned(entry, dw::AT_BIT_SIZE) else {
        // The members of a union have no location: they are all at 0.
        return Position::Byte(location(unit, entry));
    };
    let offset = bit_offset(unit, little_endian, entry, width);
    let size = unit_size(unit, unit.ctype(entry));
    // A bit-field that fills its type is a member like any other; so is an atomic that clang pads, which it calls a wider bit-field.
    match offset.is_multiple_of(8) && width >= size.saturating_mul(8) {
        true => Position::Byte(offset / 8),
        false => Position::Bits { offset, width },
    }
}

fn location(unit: &DwarfUnit<'_>, entry: EntryId) -> u64 {
    let location = unit.unsigned(entry, dw::AT_DATA_MEMBER_LOCATION);
    location.unwrap_or(0)
}

/// Where a bit-field starts. DWARF 4 has one number for it. DWARF 2 and 3, and clang to this day, say in which storage unit it
/// lies and how many bits of the unit are above it (DWARF 3, 5.6.6). In a packed record that number may be negative.
fn bit_offset(unit: &DwarfUnit<'_>, little_endian: bool, entry: EntryId, width: u64) -> u64 {
    if let Some(offset) = unit.unsigned(entry, dw::AT_DATA_BIT_OFFSET) {
        return offset;
    }
    let start = location(unit, entry).wrapping_mul(8);
    // clang writes a negative number as an unsigned one of 64 bits.
    let unsigned = || Some(unit.unsigned(entry, dw::AT_BIT_OFFSET)? as i64);
    let Some(above) = unit.signed(entry, dw::AT_BIT_OFFSET).or_else(unsigned) else {
        return start;
    };
    if !little_endian {
        return start.wrapping_add_signed(above);
    }
    let size = match unit.unsigned(entry, dw::AT_BYTE_SIZE) {
        Some(size) => size,
        None => unit_size(unit, unit.ctype(entry)),
    };
    let end = start.wrapping_add(size.wrapping_mul(8));
    end.wrapping_add_signed(above.wrapping_neg())
        .wrapping_sub(width)
}

/// The size of a bit-field's storage unit: of its declared type, behind typedefs.
pub(super) fn unit_size(unit: &DwarfUnit<'_>, mut ctype: Option<EntryId>) -> u64 {
    // Damaged entries could name each other in a circle.
    for _ in 0..LONGEST_CHAIN {
        let Some(entry) = ctype else {
            return 0;
        };
        if let Some(size) = unit.unsigned(entry, dw::AT_BYTE_SIZE) {
            return size;
        }
        ctype = unit.ctype(entry);
    }
    0
}

/// The member behind `before`. clang describes a bit-field that is as wide as its type like any other member, by the byte that it
/// starts in. In a packed record that byte may hold the last bits of the bit-field before; then it starts right after them.
pub(super) fn after(before: &Member, member: Member, size: u64) -> Member {
    let (Position::Bits { offset, width }, Position::Byte(byte)) =
        (before.position, member.position)
    else {
        return member;
    };
    match offset.checked_add(width) {
        Some(end) if byte == end / 8 && end % 8 != 0 => Member {
            position: Position::Bits {
                offset: end,
                width: size.saturating_mul(8),
            },
            ..member
        },
        _ => member,
    }
}

#[cfg(test)]
mod tests {
    use cgo_codegen::model::types::TypeId;

    use super::*;

    #[test]
    fn what_follows_a_bit_field_starts_in_its_byte() {
        let member = |position| Member {
            name: None,
            ctype: TypeId(0),
            align: None,
            position,
        };
        let after = |offset, width, byte, size| {
            let before = member(Position::Bits { offset, width });
            after(&before, member(Position::Byte(byte)), size).position
        };
        let bits = |offset, width| Position::Bits { offset, width };
        assert_eq!(after(3, 8, 1, 4), bits(11, 32));
        assert_eq!(after(0, 8, 1, 4), Position::Byte(1));
        // Numbers that no compiler writes.
        assert_eq!(after(u64::MAX, 2, 0, 4), Position::Byte(0));
        assert_eq!(after(3, 8, 1, u64::MAX), bits(11, u64::MAX));
    }
}
