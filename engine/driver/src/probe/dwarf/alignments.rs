//! Gives records the alignments that the compiler said of them: DWARF tells of an alignment only where an attribute asks for one.

use std::collections::HashMap;

use cgo_codegen::model::types::{Record, RecordKind, Type, TypeId, Typedef, Types};

/// What the compiler said of a record at file scope.
pub(crate) struct Alignment {
    /// The item that it is.
    pub(crate) item: Option<usize>,
    pub(crate) align: u64,
}

/// Those records, by `struct S` or the typedef's name.
pub(crate) type Alignments = HashMap<String, Alignment>;

/// A record takes its alignment from its tag, unless the tag is another's at file scope: C has them in functions and
/// prototypes too.
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
        let Some(asked) = alignments.get(&name) else {
            continue;
        };
        let item = asked.item.and_then(|item| of_item.get(&item));
        let asked_for = match (item, &records[..]) {
            (Some(id), _) => types.resolve(*id).0 as usize,
            (None, [only]) => *only,
            (None, _) => continue,
        };
        if let Type::Record(Record {
            body: Some(body), ..
        }) = &mut types.list[asked_for]
        {
            body.align = Some(asked.align);
        }
    }
}

/// A record without a tag takes its alignment from the typedef that names it.
pub(super) fn align_untagged(types: &mut Types, alignments: &Alignments) {
    for index in 0..types.list.len() {
        let Type::Typedef(Typedef { name, target, .. }) = &types.list[index] else {
            continue;
        };
        let (Some(&Alignment { align: asked, .. }), target) =
            (alignments.get(name), target.0 as usize)
        else {
            continue;
        };
        if let Type::Record(Record {
            tag: None,
            body: Some(body),
            ..
        }) = &mut types.list[target]
            && body.align.is_none()
            // An attribute behind the typedef's name aligns the typedef alone; the record's size then need not
            // be a multiple.
            && body.size.is_multiple_of(asked)
        {
            body.align = Some(asked);
        }
    }
}
