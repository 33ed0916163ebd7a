//! Finds the function types that are called in another way than C's functions usually are, where only the text of a
//! declaration tells: gcc's DWARF does not.

use cgo_csyntax::declarations::declaration::CONVENTIONS;
use cgo_csyntax::declarations::names::{Names, Role};
use cgo_csyntax::lexer::tokens;

use crate::model::types::{Record, Type, TypeId, Types};

/// Marks the function types in the declarations that name a convention. It may be only one of them that the word is about:
/// then the others cannot be called from Rust either, but none is called wrongly.
pub fn mark(names: &Names, text: &str, types: &mut Types) {
    // Nearly every preamble ends here.
    if !CONVENTIONS.iter().any(|word| text.contains(word)) {
        return;
    }
    for name in &names.list {
        let (start, end) = name.text;
        if says_convention(&text[start..end]) {
            for id in declared(types, &name.name, &name.role) {
                mark_from(types, id);
            }
        }
    }
}

fn says_convention(text: &str) -> bool {
    CONVENTIONS.iter().any(|word| text.contains(word))
        && tokens(text)
            .iter()
            .any(|token| CONVENTIONS.contains(&token.text.trim_matches('_')))
}

/// The types that the declaration itself makes, without those of other names.
fn declared(types: &Types, name: &str, role: &Role) -> Vec<TypeId> {
    let is_declared = |ctype: &Type| match (role, ctype) {
        (Role::Typedef { .. }, Type::Typedef(typedef)) => typedef.name == name,
        (Role::Tag { .. }, Type::Record(record)) => record.tag.as_deref() == Some(name),
        _ => false,
    };
    let all = types.list.iter().enumerate();
    all.filter(|(_, ctype)| is_declared(ctype))
        .map(|(index, _)| TypeId(index as u32))
        .collect()
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

/// The types that a type is made of; a name of its own is another declaration.
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
