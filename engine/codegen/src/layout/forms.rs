//! Decides how Rust can write each record so that every byte lies where the C compiler put it.

use std::cmp::Ordering;
use std::collections::HashSet;

use cgo_csyntax::target::Target;

use crate::layout::access_unit;
use crate::layout::layouts::{Layouts, Piece, RecordForm, Repr};
use crate::model::probe_results::BaseTypes;
use crate::model::types::{Body, Member, Position, Record, RecordKind, Type, TypeId, Types};

/// Records with fields nest no deeper: where users do not raise `recursion_limit`, rustc follows no more than 128 of them and of the
/// arrays between.
const DEEPEST: usize = 64;

/// Compares Rust's layout rules with the compiler's figures for every complete record. Those that are `opaque` are bytes in any case.
pub(crate) fn decide<'a>(
    types: &'a Types,
    bases: &'a BaseTypes,
    target: &'a Target,
    opaque: &HashSet<TypeId>,
) -> Layouts<'a> {
    let mut layouts = Layouts::new(types, bases, target);
    for id in types.ids() {
        decide_record(&mut layouts, id, opaque);
    }
    layouts
}

fn decide_record(layouts: &mut Layouts<'_>, id: TypeId, opaque: &HashSet<TypeId>) {
    let Type::Record(Record {
        kind,
        body: Some(body),
        ..
    }) = layouts.types.get(id)
    else {
        return;
    };
    if layouts.has(id) {
        return;
    }
    // The records inside come first: whether they are over-aligned matters to a packed record around them.
    for member in &body.members {
        decide_record(layouts, layouts.inner_record(member.ctype), opaque);
    }
    let form = match kind {
        _ if opaque.contains(&id) => None,
        RecordKind::Struct => struct_form(layouts, body),
        RecordKind::Union => union_form(layouts, body),
    };
    layouts.add(id, *kind, body, form, DEEPEST);
}

fn struct_form(layouts: &Layouts<'_>, body: &Body) -> Option<RecordForm> {
    let align = layouts.record_align(body);
    let natural = pieces(layouts, body, u64::MAX).and_then(|(pieces, reached)| {
        let repr = match reached.cmp(&align) {
            Ordering::Less => Repr::Aligned(align),
            Ordering::Equal => Repr::Natural,
            Ordering::Greater => return None,
        };
        Some(RecordForm::Fields { repr, pieces })
    });
    natural.or_else(|| {
        // A packed record cannot contain one with `repr(align)`, and Rust has no volatile access to what is not aligned.
        if layouts.holds_aligned(body) || layouts.holds_misaligned_volatile(body) {
            return None;
        }
        let (pieces, reached) = pieces(layouts, body, align)?;
        (reached == align || align == 1).then_some(RecordForm::Fields {
            repr: Repr::Packed(align),
            pieces,
        })
    })
}

fn union_form(layouts: &Layouts<'_>, body: &Body) -> Option<RecordForm> {
    let align = layouts.record_align(body);
    let placed = || {
        body.members
            .iter()
            .enumerate()
            .filter(|(_, member)| matches!(member.position, Position::Byte(_)))
    };
    let mut pieces: Vec<Piece> = placed().map(|(index, _)| Piece::Member(index)).collect();
    let reached = placed()
        .map(|(_, member)| layouts.align(member.ctype))
        .max()
        .unwrap_or(1);
    let mut largest = 0;
    for (_, member) in placed() {
        largest = largest.max(layouts.size(member.ctype)?);
    }
    let bits = body.members.iter();
    let bits = bits.filter_map(|member| bytes_of_bits(layouts, body, member));
    if let Some(end) = bits.map(|(_, end)| end).max() {
        pieces.push(Piece::Bits(end));
        largest = largest.max(end);
    }
    if largest > body.size {
        return None;
    }
    if largest.next_multiple_of(align) != body.size || pieces.is_empty() {
        pieces.push(Piece::Padding(body.size));
    }
    let repr = match reached.cmp(&align) {
        Ordering::Less => Repr::Aligned(align),
        Ordering::Equal => Repr::Natural,
        Ordering::Greater
            if layouts.holds_aligned(body) || layouts.holds_misaligned_volatile(body) =>
        {
            return None;
        }
        Ordering::Greater => Repr::Packed(align),
    };
    Some(RecordForm::Fields { repr, pieces })
}

/// Puts the members where C has them, no field aligned to more than `pack`; also the alignment that comes of it.
fn pieces(layouts: &Layouts<'_>, body: &Body, pack: u64) -> Option<(Vec<Piece>, u64)> {
    let mut pieces = Vec::new();
    let (mut end, mut reached) = (0u64, 1);
    // Where the bit-fields since the last other member lie.
    let mut bits: Option<(u64, u64)> = None;
    for (index, member) in body.members.iter().enumerate() {
        if let Some((start, stop)) = bytes_of_bits(layouts, body, member) {
            let (first, last) = bits.unwrap_or((start, stop));
            bits = Some((first.min(start), last.max(stop)));
        }
        let Position::Byte(offset) = member.position else {
            continue;
        };
        end = put_bits(&mut pieces, bits.take(), end)?;
        let align = layouts.align(member.ctype).min(pack);
        if offset < end || !offset.is_multiple_of(align) {
            return None;
        }
        if end.next_multiple_of(align) != offset {
            pieces.push(Piece::Padding(offset - end));
        }
        pieces.push(Piece::Member(index));
        reached = reached.max(align);
        end = offset.checked_add(layouts.size(member.ctype)?)?;
    }
    end = put_bits(&mut pieces, bits, end)?;
    let align = layouts.record_align(body).max(reached).min(pack);
    if end > body.size {
        return None;
    }
    if end.next_multiple_of(align) != body.size {
        pieces.push(Piece::Padding(body.size - end));
    }
    Some((pieces, reached))
}

/// The first byte that a bit-field is read with, and the one after its last. A volatile one may be read with bytes around it.
fn bytes_of_bits(layouts: &Layouts<'_>, body: &Body, member: &Member) -> Option<(u64, u64)> {
    let Position::Bits { offset, width } = member.position else {
        return None;
    };
    let unit = match layouts.has_volatile(member.ctype) {
        true => access_unit(layouts, body, member, offset, width),
        false => 1,
    };
    let end = offset.checked_add(width)?.div_ceil(8);
    Some((offset / 8 / unit * unit, end.next_multiple_of(unit)))
}

/// Adds the bytes of bit-fields behind pieces that reach to `end`, and returns the new end.
fn put_bits(pieces: &mut Vec<Piece>, bits: Option<(u64, u64)>, end: u64) -> Option<u64> {
    let Some((start, stop)) = bits else {
        return Some(end);
    };
    let gap = start.checked_sub(end)?;
    if gap > 0 {
        pieces.push(Piece::Padding(gap));
    }
    pieces.push(Piece::Bits(stop.checked_sub(start)?));
    Some(stop)
}
