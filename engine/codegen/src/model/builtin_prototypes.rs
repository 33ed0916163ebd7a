//! Gives built-in functions the typedefs of their declarations. For `fread` and `snprintf`, clang describes prototypes of its own, which
//! have `unsigned long` for `size_t`. Macros that name or call them get the typedefs too.

use cgo_csyntax::declarations::declarator::parameters;
use cgo_csyntax::declarations::keywords::{is_attribute, is_qualifier};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::lexer::{Token, TokenKind};
use cgo_csyntax::macros::classify::Expression;
use cgo_csyntax::macros::expression_type::TypeSource;
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::model::probe_results::ProbeResults;
use crate::model::types::{Signature, Type, TypeId, Typedef, Types};

/// Puts in the typedefs that the declarations name.
pub(crate) fn mark(names: &Names<'_>, items: &[BoundItem], results: &mut ProbeResults) {
    let word = results.bases.pointer().size;
    for (index, item) in items.iter().enumerate() {
        let types = &mut results.types;
        let Some(ctype) = results.of_item.get_mut(&index) else {
            continue;
        };
        if let ItemKind::Expression(Expression {
            type_source: TypeSource::Result(function),
            ..
        }) = &item.kind
        {
            *ctype = result(names, types, function, *ctype).unwrap_or(*ctype);
        }
        let (ItemKind::FunctionOrVariable(_), Some(function)) =
            (&item.kind, names.ordinary(&item.target))
        else {
            continue;
        };
        let Type::Function(signature) = types.get(*ctype) else {
            continue;
        };
        // Only typedefs for the size of a pointer are other types in Rust than what they stand for.
        let is_word = |id: &TypeId| matches!(types.get(*id), Type::Base(base) if base.size == word);
        let all = signature.parameters.iter().chain([&signature.result]);
        if !all.into_iter().any(is_word) {
            continue;
        }
        let declared = names.tokens(function.declaration);
        if let Some(signature) = spelled(names, types, signature.clone(), declared, function.name) {
            types.list.push(Type::Function(signature));
            *ctype = TypeId(types.list.len() as u32 - 1);
        }
    }
}

/// The signature with the typedefs of its declaration. `None` if it has none.
fn spelled(
    names: &Names<'_>,
    types: &mut Types,
    mut signature: Signature,
    declared: &[Token<'_>],
    function: &str,
) -> Option<Signature> {
    let parameters = parameters(declared, function);
    if parameters.len() != signature.parameters.len() {
        return None;
    }
    let name = declared.iter().position(|token| token.text == function)?;
    let mut changed = false;
    let places = signature
        .parameters
        .iter_mut()
        .chain([&mut signature.result]);
    for (place, declared) in places.zip(parameters.into_iter().chain([&declared[..name]])) {
        if let Some(id) = typedef(names, declared).and_then(|name| same(types, name, *place)) {
            *place = id;
            changed = true;
        }
    }
    changed.then_some(signature)
}

/// The typedef that the declaration names for the result, if that has this type.
fn result(names: &Names<'_>, types: &Types, function: &str, ctype: TypeId) -> Option<TypeId> {
    let declared = names.tokens(names.ordinary(function)?.declaration);
    let name = declared.iter().position(|token| token.text == function)?;
    same(types, typedef(names, &declared[..name])?, ctype)
}

/// The typedef that is the whole type of a parameter or a result.
fn typedef<'t>(names: &Names<'_>, declared: &[Token<'t>]) -> Option<&'t str> {
    let mut words = declared.iter().filter(|token| {
        let is_word = token.kind == TokenKind::Word;
        !is_word || !(is_qualifier(token.text) || token.text == "extern")
    });
    let first = words.next()?;
    let is_plain = |token: &Token<'_>| token.kind == TokenKind::Word && !is_attribute(token.text);
    (names.is_typedef(first.text) && words.all(is_plain)).then_some(first.text)
}

/// The typedef of this name, if it stands for exactly this basic type.
fn same(types: &Types, name: &str, id: TypeId) -> Option<TypeId> {
    let Type::Base(base) = types.get(id) else {
        return None;
    };
    let ids = (0..types.list.len()).map(|index| TypeId(index as u32));
    let mut named = ids.filter(
        |&id| matches!(types.get(id), Type::Typedef(Typedef { name: other, .. }) if other == name),
    );
    named.find(|&id| matches!(types.get(types.resolve(id)), Type::Base(other) if other == base))
}
