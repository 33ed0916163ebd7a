//! Finds the records that may have bit-fields without a name. DWARF tells nothing of those, but gcc passes
//! `union { int : 3; float f; }` as an integer.

use std::collections::HashSet;

use cgo_preamble::names::{Keyword, Names, Role};

use crate::ctype::{Record, RecordKind, Type, Typedef, Types};

/// Marks the records in whose declaration a colon stands, which no other member has.
pub fn mark(names: &Names, text: &str, types: &mut Types) {
    let (mut structs, mut unions, mut typedefs) = (HashSet::new(), HashSet::new(), HashSet::new());
    for name in &names.list {
        let named = match name.role {
            Role::Tag {
                keyword: Keyword::Struct,
                complete: true,
            } => &mut structs,
            Role::Tag {
                keyword: Keyword::Union,
                complete: true,
            } => &mut unions,
            Role::Typedef { untagged: true } => &mut typedefs,
            _ => continue,
        };
        let (start, end) = name.text;
        if text[start..end].contains(':') {
            named.insert(name.name.as_str());
        }
    }
    let untagged: HashSet<u32> = types
        .list
        .iter()
        .filter_map(|ctype| match ctype {
            Type::Typedef(Typedef { name, target, .. }) if typedefs.contains(name.as_str()) => {
                Some(target.0)
            }
            _ => None,
        })
        .collect();
    for (index, ctype) in types.list.iter_mut().enumerate() {
        let Type::Record(Record {
            kind,
            tag,
            body: Some(body),
        }) = ctype
        else {
            continue;
        };
        body.hidden_bits = match (kind, tag) {
            (RecordKind::Struct, Some(tag)) => structs.contains(tag.as_str()),
            (RecordKind::Union, Some(tag)) => unions.contains(tag.as_str()),
            // One inside of another record is part of that one's text.
            (_, None) => untagged.contains(&(index as u32)),
        };
    }
}
