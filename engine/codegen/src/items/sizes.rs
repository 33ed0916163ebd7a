//! Writes the constants for C's `sizeof`: `C::sizeof_struct_point`.

use std::fmt::Write;

use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::context::Context;
use crate::items::output::{Items, NameSpaces};
use crate::model::types::{Type, TypeId};
use crate::names::identifiers::identifier;

/// Writes the sizes that the crate uses of the module's types.
pub(crate) fn write(context: &Context<'_>, name_spaces: &mut NameSpaces, out: &mut Items) {
    for name in &context.input.selection.sizes {
        let rust = identifier(name);
        if !name_spaces.types.contains(&rust) {
            continue;
        }
        let size_of = format!("::core::mem::size_of::<{rust}>()");
        let value = match type_named(context, name) {
            Some(id) if context.layouts.is_too_big(id) => {
                let size = context.layouts.plain_size(id);
                size.map_or(size_of, |size| size.to_string())
            }
            // C has no size of an incomplete type either.
            Some(id) if is_incomplete(context, id) => continue,
            _ => size_of,
        };
        constant(name, &value, name_spaces, &mut out.text);
    }
}

/// Writes one of the constants.
pub(crate) fn constant(name: &str, value: &str, name_spaces: &mut NameSpaces, text: &mut String) {
    let constant = identifier(&format!("sizeof_{name}"));
    if name_spaces.values.insert(constant.clone()) {
        let _ = writeln!(
            text,
            "/// C's `sizeof`, in bytes.\npub const {constant}: ::core::primitive::usize = {value};"
        );
    }
}

/// The type that Rust has under this name, if the preamble has it.
fn type_named(context: &Context<'_>, name: &str) -> Option<TypeId> {
    context.names.find(name).or_else(|| {
        let is_type =
            |item: &BoundItem| matches!(item.kind, ItemKind::TypeName) && item.name == name;
        let mut items = context.probed_items();
        items
            .find(|probed| is_type(probed.item))
            .map(|probed| probed.ctype)
    })
}

fn is_incomplete(context: &Context<'_>, id: TypeId) -> bool {
    matches!(context.resolved(id), Type::Record(record) if record.body.is_none())
}
