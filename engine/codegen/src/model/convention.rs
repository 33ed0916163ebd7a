//! Finds the function types that have another calling convention than the target's. Only declarations tell: gcc's DWARF does not.

use cgo_csyntax::declarations::keywords;
use cgo_csyntax::declarations::names::{Name, Names};
use cgo_csyntax::selection::{BoundItem, ItemKind};
use cgo_csyntax::target::Target;

use crate::model::probe_results::ProbeResults;
use crate::model::types::{Record, Signature, Type, TypeId, Types};

/// Marks all function types in a declaration that names a convention. The word may be about only one of them. Then Rust cannot call the
/// others either, but it calls none wrongly.
pub(crate) fn mark(
    names: &Names<'_>,
    items: &[BoundItem],
    target: &Target,
    results: &mut ProbeResults,
) {
    let types = &mut results.types;
    for index in 0..types.list.len() {
        let name = declared(names, &types.list[index]);
        if name.is_some_and(|name| conventions(names, name, target) > 0) {
            mark_from(types, TypeId(index as u32));
        }
    }
    for (index, item) in items.iter().enumerate() {
        let ItemKind::FunctionOrVariable(storage) = &item.kind else {
            continue;
        };
        // The function's own convention is one that C calls it by: only another word is about pointers.
        let own = usize::from(storage.convention.is_some());
        let name = names.ordinary(&item.name);
        if name.is_none_or(|name| conventions(names, name, target) <= own) {
            continue;
        }
        if let Some(ctype) = results.of_item.get_mut(&index) {
            *ctype = match types.get(*ctype).clone() {
                Type::Function(signature) => with_marked_pointers(types, signature, false),
                _ => marked(types, *ctype),
            };
        }
    }
}

/// A copy of the type whose function types are marked. Other declarations share what gcc describes alike.
fn marked(types: &mut Types, id: TypeId) -> TypeId {
    let copy = match types.get(id).clone() {
        Type::Pointer(inner) => Type::Pointer(marked(types, inner)),
        Type::Qualified(qualifier, inner) => Type::Qualified(qualifier, marked(types, inner)),
        Type::Array { element, count } => Type::Array {
            element: marked(types, element),
            count,
        },
        Type::Function(signature) => return with_marked_pointers(types, signature, true),
        _ => return id,
    };
    types.list.push(copy);
    TypeId(types.list.len() as u32 - 1)
}

fn with_marked_pointers(types: &mut Types, mut signature: Signature, itself: bool) -> TypeId {
    signature.convention |= itself;
    for parameter in &mut signature.parameters {
        *parameter = marked(types, *parameter);
    }
    signature.result = marked(types, signature.result);
    types.list.push(Type::Function(signature));
    TypeId(types.list.len() as u32 - 1)
}

/// How many conventions the declaration names that the target's functions do not have.
fn conventions(names: &Names<'_>, name: &Name<'_>, target: &Target) -> usize {
    let tokens = names.tokens(name.declaration).iter();
    let conventions = tokens.filter_map(|token| keywords::convention(token.text));
    conventions
        .filter(|convention| !convention.is_usual(target))
        .count()
}

/// The name whose declaration makes this type.
fn declared<'n, 't>(names: &'n Names<'t>, ctype: &Type) -> Option<&'n Name<'t>> {
    match ctype {
        Type::Typedef(typedef) => names.typedef(&typedef.name),
        Type::Record(record) => names.tag(record.tag.as_deref()?),
        _ => None,
    }
}

fn mark_from(types: &mut Types, first: TypeId) {
    let mut waiting = inner(types.get(first), true);
    let mut seen = vec![first];
    while let Some(id) = waiting.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        waiting.extend(inner(types.get(id), false));
        if let Type::Function(signature) = &mut types.list[id.0 as usize] {
            signature.convention = true;
        }
    }
}

/// The types that a type is made of. A type with a name of its own has another declaration.
fn inner(ctype: &Type, is_first: bool) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(typedef) if is_first => vec![typedef.target],
        Type::Pointer(inner) | Type::Qualified(_, inner) | Type::Array { element: inner, .. } => {
            vec![*inner]
        }
        Type::Function(signature) => {
            let mut all = signature.parameters.clone();
            all.push(signature.result);
            all
        }
        Type::Record(Record {
            tag,
            body: Some(body),
            ..
        }) if is_first || tag.is_none() => body.members.iter().map(|member| member.ctype).collect(),
        _ => Vec::new(),
    }
}
