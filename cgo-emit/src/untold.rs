//! Finds what the text tells of records and DWARF does not: bit-fields without a name, since gcc passes
//! `union { int : 3; float f; }` as an integer; and members that are packed although they lie where they would anyway, since
//! some machines pass a record by its members' alignment.

use std::collections::HashSet;

use cgo_preamble::names::{Keyword, Names, Role};

use crate::ctype::{Body, Record, RecordKind, Type, Typedef, Types};

/// Marks the records by the text of their declarations.
pub fn mark(names: &Names, text: &str, types: &mut Types) {
    // A colon stands for no other member.
    let has_colon = |declaration: &str| declaration.contains(':');
    mark_those((names, text), types, has_colon, |body| {
        body.hidden_bits = true
    });
    // Without an attribute for more alignment, such a record has less than Rust's.
    let packs = text.contains("#pragma pack");
    let is_packed = |declaration: &str| {
        declaration.contains("align") && (packs || declaration.contains("packed"))
    };
    mark_those((names, text), types, is_packed, |body| body.packed = true);
}

/// Marks the records whose declaration in the text is one to mark.
fn mark_those(
    (names, text): (&Names, &str),
    types: &mut Types,
    is_one: impl Fn(&str) -> bool,
    mark: fn(&mut Body),
) {
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
        if is_one(&text[start..end]) {
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
        let marked = match (kind, tag) {
            (RecordKind::Struct, Some(tag)) => structs.contains(tag.as_str()),
            (RecordKind::Union, Some(tag)) => unions.contains(tag.as_str()),
            // One inside of another record is part of that one's text.
            (_, None) => untagged.contains(&(index as u32)),
        };
        if marked {
            mark(body);
        }
    }
}
