//! Finds what a panic or an exception may cross, as `#cgo unwind:` says: functions, and the types of function pointers.

use std::collections::HashSet;

use cgo_csyntax::directive::pattern;

use crate::input::Input;
use crate::model::types::{Type, TypeId, Types};

/// Whether a panic may cross this item.
pub(crate) fn may_unwind(input: &Input<'_>, name: &str) -> bool {
    pattern::picks(&input.directives.unwind, |pattern| pattern.is_like(name))
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
            && may_unwind(input, &typedef.name)
        {
            found.extend(function_behind(types, id));
        }
    }
    for (index, item) in input.selection.items.iter().enumerate() {
        let Some(&id) = input.probe.of_item.get(&index) else {
            continue;
        };
        if let Type::Function(signature) = types.get(types.resolve(id))
            && may_unwind(input, &item.name)
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
