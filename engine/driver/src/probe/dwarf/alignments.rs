//! Gives records the alignments that the probe has for them. DWARF has an alignment only where an attribute sets one.

use std::collections::HashMap;

use cgo_codegen::model::types::{Record, RecordKind, Type, TypeId, Typedef, Types};

/// The alignment of a record at file scope.
pub(crate) struct Alignment {
    /// The item of the record, if it is one.
    pub(crate) item: Option<usize>,
    pub(crate) align: u64,
}

/// Those records, by `struct S` or the typedef's name.
pub(crate) type Alignments = HashMap<String, Alignment>;

/// A record with a tag gets the alignment of this tag at file scope. A record that is declared in a function or a prototype may have
/// the same tag, and does not get it.
pub(super) fn align_tagged(
    types: &mut Types,
    alignments: &Alignments,
    of_item: &HashMap<usize, TypeId>,
) {
    let mut of_tag: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, ctype) in types.list.iter().enumerate() {
        if let Type::Record(Record {
            kind,
            tag: Some(tag),
            body: Some(_),
        }) = ctype
        {
            let word = match kind {
                RecordKind::Struct => "struct",
                RecordKind::Union => "union",
            };
            of_tag
                .entry(format!("{word} {tag}"))
                .or_default()
                .push(index);
        }
    }
    for (name, records) in of_tag {
        let Some(alignment) = alignments.get(&name) else {
            continue;
        };
        let item = alignment.item.and_then(|item| of_item.get(&item));
        let index = match (item, &records[..]) {
            (Some(id), _) => types.resolve(*id).0 as usize,
            (None, [only]) => *only,
            (None, _) => continue,
        };
        if let Type::Record(Record {
            body: Some(body), ..
        }) = &mut types.list[index]
        {
            body.align = Some(alignment.align);
        }
    }
}

/// A record without a tag gets the alignment of the typedef that names it.
pub(super) fn align_untagged(types: &mut Types, alignments: &Alignments) {
    for index in 0..types.list.len() {
        let Type::Typedef(Typedef { name, target, .. }) = &types.list[index] else {
            continue;
        };
        let (Some(&Alignment { align, .. }), target) = (alignments.get(name), target.0 as usize)
        else {
            continue;
        };
        if let Type::Record(Record {
            tag: None,
            body: Some(body),
            ..
        }) = &mut types.list[target]
            && body.align.is_none()
            // An attribute behind the name of the typedef aligns only the typedef, and then the size of the record need not be a
            // multiple.
            && body.size.is_multiple_of(align)
        {
            body.align = Some(align);
        }
    }
}
