//! Finds what a panic or an exception may cross, as `#cgo unwind:` says: functions, and the types of function pointers.

use std::collections::HashSet;

use cgo_csyntax::directive::pattern;
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::input::Input;
use crate::model::types::{Record, Type, TypeId, Typedef, Types};

fn is_named(input: &Input<'_>, name: &str) -> bool {
    pattern::picks(&input.directives.unwind, |pattern| pattern.is_like(name))
}

fn is_taken_back(input: &Input<'_>, name: &str) -> bool {
    let mut patterns = input.directives.unwind.iter();
    patterns.any(|pattern| pattern.excludes && pattern.is_like(name))
}

/// The names of the functions that a panic may cross: those that the directive names, macros for them, and those of these types.
pub(crate) fn functions(input: &Input<'_>, unwinding: &HashSet<TypeId>) -> HashSet<String> {
    if input.directives.unwind.is_empty() {
        return HashSet::new();
    }
    let types = &input.probe.types;
    let is_crossed = |(index, item): &(usize, &BoundItem)| {
        let ctype = input.probe.of_item.get(index);
        is_item_named(input, item)
            || ctype.is_some_and(|id| unwinding.contains(&types.resolve(*id)))
    };
    let items = input.selection.items.iter().enumerate();
    let crossed = items.filter(is_crossed);
    crossed.map(|(_, item)| item.name.clone()).collect()
}

/// An item may be a macro that stands for the function.
fn is_item_named(input: &Input<'_>, item: &BoundItem) -> bool {
    is_named(input, &item.name) || is_named(input, &item.target)
}

/// The function types behind the typedefs, variables and macros that the directive names, those of the function pointers that the functions
/// it names take and return, and those of whatever takes a pointer to one of them, itself or in a struct: it may call it. A typedef that the
/// directive takes back is left out.
pub(crate) fn types(input: &Input<'_>) -> HashSet<TypeId> {
    let mut found = HashSet::new();
    if input.directives.unwind.is_empty() {
        return found;
    }
    let types = &input.probe.types;
    let mut taken_back = HashSet::new();
    for id in types.ids() {
        if let Type::Typedef(typedef) = types.get(id) {
            match is_named(input, &typedef.name) {
                true => found.extend(function_behind(types, id)),
                false if is_taken_back(input, &typedef.name) => {
                    taken_back.extend(function_behind(types, id));
                }
                false => {}
            }
        }
    }
    taken_back.retain(|id| !found.contains(id));
    for (index, item) in input.selection.items.iter().enumerate() {
        let Some(&id) = input.probe.of_item.get(&index) else {
            continue;
        };
        if !is_item_named(input, item) {
            continue;
        }
        // A variable or macro may be a pointer to the function.
        let called = match item.kind {
            ItemKind::TypeName => Some(types.resolve(id)),
            _ => function_behind(types, id),
        };
        if let Some(called) = called
            && let Type::Function(signature) = types.get(called)
        {
            let all = [&signature.result].into_iter().chain(&signature.parameters);
            let called_back = all.filter_map(|&id| function_behind(types, id));
            found.extend(called_back.filter(|id| !taken_back.contains(id)));
            found.extend((called != types.resolve(id)).then_some(called));
        }
    }
    while let callers = callers(types, &found)
        && !callers.is_empty()
    {
        found.extend(callers);
    }
    found
}

/// The other function types with a parameter that leads to one of these.
fn callers(types: &Types, called: &HashSet<TypeId>) -> Vec<TypeId> {
    let leading = leading_to(types, called);
    let calls = |id: &TypeId| match types.get(*id) {
        Type::Function(signature) => signature.parameters.iter().any(|id| leading.contains(id)),
        _ => false,
    };
    let others = types.ids().filter(|id| !called.contains(id));
    others.filter(calls).collect()
}

/// The types that lead to one of these functions: by pointers, typedefs, arrays and members.
fn leading_to(types: &Types, functions: &HashSet<TypeId>) -> HashSet<TypeId> {
    let mut leading = functions.clone();
    let mut before = 0;
    while leading.len() > before {
        before = leading.len();
        for id in types.ids() {
            let leads = match types.get(id) {
                Type::Pointer(inner)
                | Type::Qualified(_, inner)
                | Type::Typedef(Typedef { target: inner, .. })
                | Type::Array { element: inner, .. } => leading.contains(inner),
                Type::Record(Record {
                    body: Some(body), ..
                }) => (body.members.iter()).any(|member| leading.contains(&member.ctype)),
                _ => false,
            };
            if leads {
                leading.insert(id);
            }
        }
    }
    leading
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
