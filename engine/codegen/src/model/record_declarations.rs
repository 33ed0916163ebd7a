//! Finds the declaration of each record.

use std::collections::HashMap;

use cgo_csyntax::declarations::keywords::TagKind;
use cgo_csyntax::declarations::names::{NameKind, Names};
use cgo_csyntax::lexer::Token;

use crate::model::types::{Record, RecordKind, Type, TypeId, Typedef, Types};

/// The tokens of each record's declaration, by the indices of the types.
pub(crate) fn record_declarations<'n, 't>(
    names: &'n Names<'t>,
    types: &Types,
) -> Vec<Option<&'n [Token<'t>]>> {
    let (mut structs, mut unions, mut typedefs) = (HashMap::new(), HashMap::new(), HashMap::new());
    for name in &names.list {
        let of_role = match name.kind {
            NameKind::Tag {
                kind: TagKind::Struct,
                complete: true,
            } => &mut structs,
            NameKind::Tag {
                kind: TagKind::Union,
                complete: true,
            } => &mut unions,
            NameKind::Typedef { untagged: true, .. } => &mut typedefs,
            _ => continue,
        };
        of_role.insert(name.name, names.tokens(name.declaration));
    }
    let mut found = vec![None; types.list.len()];
    for (index, ctype) in types.list.iter().enumerate() {
        match ctype {
            Type::Record(Record {
                kind,
                tag: Some(tag),
                ..
            }) => {
                let tags = match kind {
                    RecordKind::Struct => &structs,
                    RecordKind::Union => &unions,
                };
                found[index] = tags.get(tag.as_str()).copied();
            }
            Type::Typedef(Typedef { name, target, .. }) => {
                let record = inner(types, *target);
                if is_untagged(types, record) {
                    let declaration = typedefs.get(name.as_str()).copied();
                    found[record.0 as usize] = declaration.or(found[record.0 as usize]);
                }
            }
            _ => {}
        }
    }
    // A record inside of another one is part of that declaration.
    let is_found = |index: &usize| found[*index].is_some();
    let mut waiting: Vec<usize> = (0..found.len()).filter(is_found).collect();
    while let Some(outer) = waiting.pop() {
        let Type::Record(Record {
            body: Some(body), ..
        }) = &types.list[outer]
        else {
            continue;
        };
        for member in &body.members {
            let inner = inner(types, member.ctype);
            if is_untagged(types, inner) && found[inner.0 as usize].is_none() {
                found[inner.0 as usize] = found[outer];
                waiting.push(inner.0 as usize);
            }
        }
    }
    found
}

fn is_untagged(types: &Types, id: TypeId) -> bool {
    matches!(types.get(id), Type::Record(Record { tag: None, .. }))
}

/// The type that is left without pointers, qualifiers and arrays.
fn inner(types: &Types, mut id: TypeId) -> TypeId {
    while let Type::Pointer(inner)
    | Type::Qualified(_, inner)
    | Type::Array { element: inner, .. } = types.get(id)
    {
        id = *inner;
    }
    id
}
