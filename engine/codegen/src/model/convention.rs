//! Finds the function types that have another calling convention than the target's. Only declarations tell: gcc's DWARF does not.

use cgo_csyntax::brackets::group_end;
use cgo_csyntax::declarations::keywords::{self, is_attribute};
use cgo_csyntax::declarations::names::{Name, Names};
use cgo_csyntax::lexer::{Token, tokens};
use cgo_csyntax::macros::expansion;
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
        if name.is_some_and(|name| says_convention(names.tokens(name.declaration), target)) {
            mark_from(types, TypeId(index as u32));
        }
    }
    for (index, item) in items.iter().enumerate() {
        let Some(ctype) = results.of_item.get_mut(&index) else {
            continue;
        };
        if pointers_have_convention(names, item, types, *ctype, target) {
            *ctype = match types.get(*ctype).clone() {
                Type::Function(signature) => with_marked_pointers(types, signature, false),
                _ => marked(types, *ctype),
            };
        }
    }
}

/// Whether a declaration of the function or variable, or the text of the macro, names a convention of pointers.
fn pointers_have_convention(
    names: &Names<'_>,
    item: &BoundItem,
    types: &Types,
    ctype: TypeId,
    target: &Target,
) -> bool {
    match &item.kind {
        ItemKind::FunctionOrVariable(storage) => {
            // The item may be a macro that stands for the function.
            let name = names.ordinary(&item.target);
            let tokens = name.map_or(&[][..], |name| names.tokens(name.declaration));
            match storage.function {
                true => says_convention_in_brackets(tokens, target),
                false => says_convention(tokens, target),
            }
        }
        _ => {
            let pointee = match types.get(types.resolve(ctype)) {
                Type::Pointer(pointee) => types.get(types.resolve(*pointee)),
                other => other,
            };
            matches!(pointee, Type::Function(_))
                && expansion::expanded(names, &item.name)
                    .is_ok_and(|text| says_convention(&tokens(&text), target))
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
        // Only this declaration has it.
        Type::Record(Record { tag: None, .. }) => {
            mark_from(types, id);
            return id;
        }
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

/// Whether it names a convention that the target's functions do not have.
fn says_convention(tokens: &[Token<'_>], target: &Target) -> bool {
    let mut conventions = tokens
        .iter()
        .filter_map(|token| keywords::convention(token.text));
    conventions.any(|convention| !convention.is_usual(target))
}

/// The same in brackets that are not an attribute's. The function itself has what stands outside of these, and C calls it so.
fn says_convention_in_brackets(tokens: &[Token<'_>], target: &Target) -> bool {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_attribute = is_attribute(token.text);
        let start = at + usize::from(is_attribute);
        let has_group = tokens.get(start).is_some_and(|next| next.is(b'('));
        let end = if has_group {
            group_end(tokens, start)
        } else {
            at + 1
        };
        if has_group && !is_attribute && says_convention(&tokens[start..end], target) {
            return true;
        }
        at = end;
    }
    false
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
