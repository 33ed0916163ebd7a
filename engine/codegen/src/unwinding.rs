//! Finds what a panic or an exception may cross, as `#cgo unwind:` says: functions, and the types of function pointers.

use std::collections::HashSet;

use cgo_csyntax::directive::pattern;
use cgo_csyntax::selection::BoundItem;

use crate::input::Input;
use crate::model::types::{Signature, Type, TypeId, Types};

fn is_named(input: &Input<'_>, name: &str) -> bool {
    pattern::picks(&input.directives.unwind, |pattern| pattern.is_like(name))
}

/// The names of the functions that a panic may cross: those that the directive names, macros for them, and those that may call a function
/// of these types.
pub(crate) fn functions(input: &Input<'_>, unwinding: &HashSet<TypeId>) -> HashSet<String> {
    if input.directives.unwind.is_empty() {
        return HashSet::new();
    }
    let types = &input.probe.types;
    let items = input.selection.items.iter().enumerate();
    let crossed = items.filter(|(index, item)| {
        let signature = input.probe.of_item.get(index).map(|id| types.get(types.resolve(*id)));
        is_item_named(input, item)
            || matches!(signature, Some(Type::Function(signature)) if may_call_one(types, unwinding, signature))
    });
    crossed.map(|(_, item)| item.name.clone()).collect()
}

/// An item may be a macro that stands for the function.
fn is_item_named(input: &Input<'_>, item: &BoundItem) -> bool {
    is_named(input, &item.name) || is_named(input, &item.target)
}

/// Whether the function takes a pointer to one of these function types, itself or in a struct behind a pointer.
fn may_call_one(types: &Types, unwinding: &HashSet<TypeId>, signature: &Signature) -> bool {
    let mut seen = HashSet::new();
    let mut left = signature.parameters.clone();
    while let Some(id) = left.pop() {
        let id = types.resolve(id);
        if unwinding.contains(&id) {
            return true;
        }
        if !seen.insert(id) {
            continue;
        }
        match types.get(id) {
            Type::Pointer(inner) | Type::Array { element: inner, .. } => left.push(*inner),
            Type::Record(record) => {
                let members = record.body.iter().flat_map(|body| &body.members);
                left.extend(members.map(|member| member.ctype));
            }
            _ => {}
        }
    }
    false
}

/// The function types behind the typedefs that the directive names, and those of the function pointers that the functions it names take
/// and return.
pub(crate) fn types(input: &Input<'_>) -> HashSet<TypeId> {
    let mut found = HashSet::new();
    if input.directives.unwind.is_empty() {
        return found;
    }
    let types = &input.probe.types;
    for id in types.ids() {
        if let Type::Typedef(typedef) = types.get(id)
            && is_named(input, &typedef.name)
        {
            found.extend(function_behind(types, id));
        }
    }
    for (index, item) in input.selection.items.iter().enumerate() {
        let Some(&id) = input.probe.of_item.get(&index) else {
            continue;
        };
        if let Type::Function(signature) = types.get(types.resolve(id))
            && is_item_named(input, item)
        {
            let all = [&signature.result].into_iter().chain(&signature.parameters);
            found.extend(all.filter_map(|&id| function_behind(types, id)));
        }
    }
    found
}

/// The function type that a type is, or points to.
fn function_behind(types: &Types, id: TypeId) -> Option<TypeId> {
    let id = types.resolve(id);
    match types.get(id) {
        Type::Function(_) => Some(id),
        Type::Pointer(pointee) => {
            let pointee = types.resolve(*pointee);
            matches!(types.get(pointee), Type::Function(_)).then_some(pointee)
        }
        _ => None,
    }
}
