//! Finds the `const` and `volatile` of arrays that are declared through a typedef (`typedef int a4[4]; const a4 *p;`). gcc's DWARF has
//! them only on variables and members. And those of vectors, where the attribute follows the element's type: gcc's may have none.

use cgo_csyntax::declarations::declarator::{declarators, parameters};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::lexer::{Token, TokenKind};
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::model::probe_results::ProbeResults;
use crate::model::record_declarations::record_declarations;
use crate::model::types::{Position, Qualifier, Record, Type, TypeId, Typedef, Types};

/// Adds them to the types of typedefs, members, functions and variables.
pub(crate) fn mark(names: &Names<'_>, items: &[BoundItem], results: &mut ProbeResults) {
    let types = &mut results.types;
    if !types
        .list
        .iter()
        .any(|ctype| matches!(ctype, Type::Array { .. } | Type::Vector { .. }))
    {
        return;
    }
    for index in 0..types.list.len() {
        let Type::Typedef(Typedef { name, target, .. }) = types.list[index].clone() else {
            continue;
        };
        if let Some(declared) = names.ordinary(&name)
            && is_concerned(types, target)
        {
            let declared = names.tokens(declared.declaration);
            function(types, target, declared, &name);
            let found = qualified(types, target, declared, &name);
            if let (Some(found), Type::Typedef(typedef)) = (found, &mut types.list[index]) {
                typedef.target = found;
            }
        }
    }
    members(names, types);
    for (index, item) in items.iter().enumerate() {
        let (ItemKind::FunctionOrVariable(_), Some(&ctype)) =
            (&item.kind, results.of_item.get(&index))
        else {
            continue;
        };
        if let Some(declared) = names.ordinary(&item.target)
            && is_concerned(types, ctype)
        {
            let declared = names.tokens(declared.declaration);
            function(types, ctype, declared, &item.target);
            if let Some(found) = qualified(types, ctype, declared, &item.target) {
                results.of_item.insert(index, found);
            }
        }
    }
}

/// Whether it is an array, a pointer to one, or a function that takes or returns such a pointer.
fn is_concerned(types: &Types, id: TypeId) -> bool {
    let is_pointer = |id: &TypeId| pointee(types, *id).is_some_and(|id| is_array(types, id));
    if is_array(types, id) || is_pointer(&id) {
        return true;
    }
    let function = pointee(types, id).unwrap_or(id);
    match types.get(types.resolve(function)) {
        Type::Function(signature) => {
            is_pointer(&signature.result) || signature.parameters.iter().any(is_pointer)
        }
        _ => false,
    }
}

fn is_array(types: &Types, id: TypeId) -> bool {
    let resolved = types.get(types.resolve(id));
    matches!(resolved, Type::Array { .. } | Type::Vector { .. })
}

fn pointee(types: &Types, id: TypeId) -> Option<TypeId> {
    match types.get(types.resolve(id)) {
        Type::Pointer(pointee) => Some(*pointee),
        _ => None,
    }
}

/// Adds them to the result and the parameters of a function, or of the function that a pointer points to.
fn function(types: &mut Types, id: TypeId, declared: &[Token<'_>], name: &str) {
    let id = types.resolve(pointee(types, id).unwrap_or(id));
    let Type::Function(mut signature) = types.get(id).clone() else {
        return;
    };
    let written = parameters(declared, name);
    if written.len() == signature.parameters.len() {
        for (parameter, written) in signature.parameters.iter_mut().zip(written) {
            *parameter = with_qualifiers(types, *parameter, written, written);
        }
    }
    let named = declared.iter().position(|token| token.text == name);
    let before = &declared[..named.unwrap_or(0)];
    let before = match before.iter().position(|token| token.is(b'(')) {
        Some(bracket) => &before[..bracket],
        None => before,
    };
    signature.result = with_qualifiers(types, signature.result, before, before);
    types.list[id.0 as usize] = Type::Function(signature);
}

/// Adds them to the members of records whose declarations are known.
fn members(names: &Names<'_>, types: &mut Types) {
    let declarations = record_declarations(names, types);
    for (index, declaration) in declarations.into_iter().enumerate() {
        let (
            Some(written),
            Type::Record(Record {
                body: Some(body), ..
            }),
        ) = (declaration, types.list[index].clone())
        else {
            continue;
        };
        let is_vector = |id: TypeId| matches!(types.get(types.resolve(id)), Type::Vector { .. });
        let is_pointer = |id: TypeId| pointee(types, id).is_some_and(|id| is_array(types, id));
        let is_concerned = |id: TypeId| is_pointer(id) || is_vector(id);
        if !body.members.iter().any(|member| is_concerned(member.ctype)) {
            continue;
        }
        for (number, member) in body.members.iter().enumerate() {
            let (Some(name), Position::Byte(_)) = (&member.name, member.position) else {
                continue;
            };
            let Some(at) = written.iter().rposition(|token| token.text == name) else {
                continue;
            };
            let ends = |token: &Token<'_>| token.is(b';') || token.is(b'{') || token.is(b'}');
            let start = written[..at]
                .iter()
                .rposition(ends)
                .map_or(0, |end| end + 1);
            let end = written[at..]
                .iter()
                .position(ends)
                .map_or(written.len(), |end| at + end);
            let found = qualified(types, member.ctype, &written[start..end], name);
            if let (
                Some(found),
                Type::Record(Record {
                    body: Some(body), ..
                }),
            ) = (found, &mut types.list[index])
            {
                body.members[number].ctype = found;
            }
        }
    }
}

/// The type of `name` with the qualifiers of its declaration, if it has any.
fn qualified(types: &mut Types, id: TypeId, declared: &[Token<'_>], name: &str) -> Option<TypeId> {
    let mut declarators = declarators(declared).into_iter();
    let first = declarators.next()?;
    let own = [first].into_iter().chain(declarators);
    let own = own
        .into_iter()
        .find(|tokens| tokens.iter().any(|token| token.text == name))?;
    let found = with_qualifiers(types, id, first, own);
    (found != id).then_some(found)
}

/// The array or the pointer to an array with the qualifiers that come before the first star; any other type as it is.
fn with_qualifiers(
    types: &mut Types,
    id: TypeId,
    shared: &[Token<'_>],
    declarator: &[Token<'_>],
) -> TypeId {
    let stars = outside_braces(declarator)
        .filter(|token| token.is(b'*'))
        .count();
    let target = pointee(types, id);
    let array = match (stars, target) {
        (0, _) if is_array(types, id) => id,
        (1, Some(target)) if is_array(types, target) => target,
        _ => return id,
    };
    let mut found = array;
    let mut words = outside_braces(shared).take_while(|token| !token.is(b'*') && !token.is(b'['));
    let [mut constant, mut volatile] = [types.is_const(array), types.is_volatile(array)];
    for token in words.by_ref() {
        let (told, qualifier) = match token.text {
            "const" | "__const" | "__const__" => (&mut constant, Qualifier::Const),
            "volatile" | "__volatile" | "__volatile__" => (&mut volatile, Qualifier::Volatile),
            _ => continue,
        };
        if !std::mem::replace(told, true) {
            found = add(types, Type::Qualified(qualifier, found));
        }
    }
    match (found == array, array == id) {
        (true, _) => return id,
        (false, true) => return found,
        (false, false) => {}
    }
    let [is_const, is_volatile] = [types.is_const(id), types.is_volatile(id)];
    let mut pointer = add(types, Type::Pointer(found));
    if is_const {
        pointer = add(types, Type::Qualified(Qualifier::Const, pointer));
    }
    if is_volatile {
        pointer = add(types, Type::Qualified(Qualifier::Volatile, pointer));
    }
    pointer
}

fn add(types: &mut Types, ctype: Type) -> TypeId {
    types.list.push(ctype);
    TypeId(types.list.len() as u32 - 1)
}

/// The tokens that are not in the braces of a record or an enumeration.
fn outside_braces<'a, 't>(tokens: &'a [Token<'t>]) -> impl Iterator<Item = &'a Token<'t>> {
    let mut depth = 0usize;
    tokens.iter().filter(move |token| {
        let before = depth;
        match token.kind {
            TokenKind::Punctuation(b'{') => depth += 1,
            TokenKind::Punctuation(b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        before == 0 && depth == 0
    })
}
