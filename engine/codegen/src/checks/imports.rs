//! Writes the types that a preamble's head imports from other modules, and the checks that they are what its C declares.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use cgo_csyntax::preamble::Import;

use crate::checks::type_encoding;
use crate::context::Context;
use crate::model::types::{Type, TypeId};
use crate::names::identifiers::identifier;

/// Writes the imports, and the checks of those whose type C names itself.
pub(crate) fn write(context: &Context<'_>, text: &mut String) {
    for import in &context.input.preamble.imports {
        let _ = writeln!(text, "pub use {};", import.path);
        let replaced = context.input.replaced(import);
        if replaced != import.name {
            let (short, whole) = (identifier(&import.name), identifier(&replaced));
            let _ = writeln!(text, "pub use self::{short} as {whole};");
        }
        if let Some(id) = context.names.find(&replaced) {
            check(context, import, id, text);
        }
    }
}

/// Has rustc compare an imported type with this one.
pub(crate) fn check(context: &Context<'_>, import: &Import, id: TypeId, text: &mut String) {
    let mut encoding = String::new();
    type_encoding::encode(context, id, &mut encoding);
    if let Type::Enum(e) = context.resolved(id) {
        encoding.push(' ');
        encoding.push_str(&type_encoding::enumerators(context, id, e));
    }
    let size = match context.layouts.size(id) {
        Some(size) => format!(
            "::core::option::Option::Some(({size}, {}))",
            context.layouts.align(id)
        ),
        None => "::core::option::Option::None".to_string(),
    };
    let path = path_outside(&import.path);
    let _ = writeln!(
        text,
        "#[allow(long_running_const_eval)] const _: () = ::cgo::generated::imported::check_imported::<{}>(&::cgo::generated::imported::Wanted {{ name: {:?}, path: {path:?}, \
         types: _cgo_types, text: {encoding:?}, size: {size} }});",
        identifier(&import.name),
        import.name,
    );
}

/// The path as it is written in the preamble's head, which stands outside of the module.
fn path_outside(path: &str) -> String {
    let path = path.split(" as ").next().unwrap_or_default();
    match path.strip_prefix("super::") {
        Some(outside) if outside.starts_with("super") => outside.to_string(),
        Some(outside) => format!("self::{outside}"),
        None => path.to_string(),
    }
}

/// The `where` clause that requires `of` of every imported type and non-null pointer inside this type; empty if there are none. The bounds
/// have a `for<'_>`: rustc then checks them where the trait is used, not at the definition.
pub(crate) fn bounds(context: &Context<'_>, id: TypeId, of: &str) -> String {
    let mut imported = BTreeSet::new();
    if !context.imports.is_empty() || !context.input.directives.nonnull.is_empty() {
        add_imported(context, id, &mut imported, &mut HashSet::new());
    }
    let bounds = imported
        .iter()
        .map(|name| format!("for<'_cgo> {name}: {of}"));
    match imported.is_empty() {
        true => String::new(),
        false => format!(" where {}", bounds.collect::<Vec<_>>().join(", ")),
    }
}

/// Adds the names of the imported types and of the non-null pointers inside a type.
fn add_imported(
    context: &Context<'_>,
    id: TypeId,
    imported: &mut BTreeSet<String>,
    seen: &mut HashSet<TypeId>,
) {
    if !seen.insert(id) {
        return;
    }
    let name = context.names.get(id).map(identifier);
    let is_bound = |name: &String| context.imports.contains_key(name) || context.is_nonnull(name);
    if let Some(name) = name.filter(is_bound) {
        imported.insert(name);
        return;
    }
    let mut add = |id| add_imported(context, id, imported, seen);
    match context.layouts.types.get(id) {
        Type::Typedef(typedef) => add(typedef.target),
        Type::Qualified(_, inner) | Type::Array { element: inner, .. } => add(*inner),
        Type::Record(record) => {
            let members = record.body.iter().flat_map(|body| &body.members);
            members.for_each(|member| add(member.ctype));
        }
        _ => {}
    }
}
