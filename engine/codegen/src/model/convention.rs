//! Finds the function types that have another calling convention than the target's. Only declarations tell: gcc's DWARF does not.

use cgo_csyntax::declarations::keywords;
use cgo_csyntax::declarations::names::{Name, Names};
use cgo_csyntax::target::Target;

use crate::model::types::{Record, Type, TypeId, Types};

/// Marks all function types in a declaration that names a convention. The word may be about only one of them. Then Rust cannot call the
/// others either, but it calls none wrongly.
pub(crate) fn mark(names: &Names<'_>, types: &mut Types, target: &Target) {
    for index in 0..types.list.len() {
        let name = declared(names, &types.list[index]);
        if name.is_some_and(|name| says_convention(names, name, target)) {
            mark_from(types, TypeId(index as u32));
        }
    }
}

fn says_convention(names: &Names<'_>, name: &Name<'_>, target: &Target) -> bool {
    let tokens = names.tokens(name.declaration).iter();
    let mut conventions = tokens.filter_map(|token| keywords::convention(token.text));
    conventions.any(|convention| !convention.is_usual(target))
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
