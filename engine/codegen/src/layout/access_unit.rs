//! Tells how many bytes a volatile bit-field is read and written with.

use crate::layout::layouts::Layouts;
use crate::model::types::{Body, Member, Position};

/// How many bytes a volatile bit-field is read and written with: as many as its declared type has, if these lie in the record, are
/// aligned there, and hold nothing but bit-fields. That is the rule of AAPCS ("Volatile bit-fields"); compilers for x86 have none.
pub(crate) fn access_unit(
    layouts: &Layouts<'_>,
    body: &Body,
    member: &Member,
    offset: u64,
    width: u64,
) -> u64 {
    const BYTE: u64 = 1;
    let Some(size @ (2 | 4 | 8)) = layouts.size(member.ctype) else {
        return BYTE;
    };
    let start = offset / 8 / size * size;
    let end = start + size;
    let is_beside = |other: &Member| match other.position {
        Position::Bits { .. } => true,
        Position::Byte(at) => {
            let size = layouts.size(other.ctype).unwrap_or(0);
            at >= end || at.saturating_add(size) <= start
        }
    };
    let is_whole = offset.saturating_add(width) <= 8 * end
        && end <= body.size
        && layouts.record_align(body) >= size
        && body.members.iter().all(is_beside);
    if is_whole { size } else { BYTE }
}
