//! Writes a Rust type for each named type of C: records, enumerations, typedefs, and macros that stand for a type.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_csyntax::directive::EnumStyle;
use cgo_csyntax::selection::{BoundItem, ItemKind, rust_tag};

use crate::checks::imports;
use crate::context::{Context, ProbedItem};
use crate::docs::attribute;
use crate::items::output::{Items, NameSpaces};
use crate::items::{newtype_enums, records, rust_enums};
use crate::model::types::{Type, TypeId, Typedef};
use crate::names::identifiers::identifier;
use crate::names::rust_types::{integer_type, standard_typedef};
use crate::names::vector_types::core_arch_type;

/// Writes the types that the items reach.
pub(crate) fn write(context: &Context<'_>, name_spaces: &mut NameSpaces, out: &mut Items) {
    let items = items_by_name(&context.input.selection.items);
    let types = context.layouts.types;
    for id in types.ids() {
        let Some(name) = context.names.get(id) else {
            continue;
        };
        // A record that took its typedef's name is written once, as the record.
        if let Type::Typedef(Typedef { target, .. }) = types.get(id)
            && context.names.get(types.without_const(*target)) == Some(name)
        {
            continue;
        }
        if name_spaces.types.insert(identifier(name)) {
            write_type(context, id, name, items.get(name).copied(), out);
        }
    }
}

/// The items that are declared in the text, by the names that their types have in Rust.
fn items_by_name(items: &[BoundItem]) -> HashMap<String, &BoundItem> {
    let declared = items.iter().filter(|item| item.declaration.is_some());
    let named = declared.map(|item| (type_name(item), item));
    named.collect()
}

fn type_name(item: &BoundItem) -> String {
    match item.kind {
        ItemKind::Tag(keyword) => rust_tag(keyword, &item.name),
        _ => item.name.clone(),
    }
}

fn write_type(
    context: &Context<'_>,
    id: TypeId,
    name: &str,
    item: Option<&BoundItem>,
    out: &mut Items,
) {
    let documentation = |remark: Option<String>| match item {
        Some(item) => attribute::of_item(context, item, &remark.unwrap_or_default()),
        None => "#[doc = \"\"]\n".to_string(),
    };
    match context.layouts.types.get(id) {
        Type::Record(record) => records::write(context, id, record, &documentation(None), out),
        Type::Enum(e) => {
            if let Some(&style) = context.enum_styles.get(&id) {
                // Rust cannot widen it after `...`, and does not reject it there as it rejects a `u8`.
                let remark =
                    (e.size < 4).then(|| "After `...` pass its number, as a `c_int`.".to_string());
                let documentation = documentation(remark);
                return match style {
                    EnumStyle::Enum => {
                        rust_enums::write(context, id, &documentation, &mut out.text)
                    }
                    EnumStyle::Newtype | EnumStyle::Flags => {
                        newtype_enums::write(context, id, style, &documentation, &mut out.text);
                    }
                };
            }
            let rust = integer_type(e.size, e.signed);
            let visibility = context.visibility_of_alias(&identifier(name), item.is_some());
            write_alias(visibility, name, &rust, &documentation(None), &mut out.text);
        }
        Type::Typedef(Typedef { target, .. }) => {
            let size = context.layouts.size(*target).unwrap_or(0);
            let standard = standard_typedef(name, size, context.layouts.pointer_size())
                .or_else(|| core_arch_type(context.layouts, id, name));
            let nonnull = match context.is_nonnull(name) {
                true => context.rust.nonnull_pointer(*target),
                false => None,
            };
            let rust = nonnull.or(standard);
            let rust = rust.unwrap_or_else(|| alias_of(context, *target));
            let remark = context.rust.remark_on(id);
            let visibility = context.visibility_of_alias(&identifier(name), item.is_some());
            let documentation = documentation(remark);
            match context.rust.enum_style(*target).is_some() {
                true => write_use(visibility, name, &rust, &documentation, &mut out.text),
                false => write_alias(visibility, name, &rust, &documentation, &mut out.text),
            }
        }
        _ => {}
    }
}

/// Writes an item that names a type, unless the type itself has that name.
pub(crate) fn write_item(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    name_spaces: &mut NameSpaces,
    out: &mut Items,
) {
    let name = type_name(probed.item);
    let rust = identifier(&name);
    if let Some(import) = context.imports.get(&rust) {
        imports::check(context, import, probed.ctype, &mut out.text);
    }
    if name_spaces.types.insert(rust) {
        let documentation = attribute::of_item(context, probed.item, "");
        let rust = alias_of(context, probed.ctype);
        let visibility = context.visibility(&identifier(&name));
        write_alias(visibility, &name, &rust, &documentation, &mut out.text);
    }
}

/// Writes another name of a type by which its values are made too: with a `type`, `name(3)` and `use name::VARIANT` are errors.
fn write_use(visibility: &str, name: &str, rust: &str, documentation: &str, text: &mut String) {
    let name = identifier(name);
    let _ = writeln!(
        text,
        "{documentation}#[doc(inline)] {visibility} use self::{rust} as {name};"
    );
}

/// What a name for a type stands for.
fn alias_of(context: &Context<'_>, id: TypeId) -> String {
    match context.rust.is_enum(id) {
        true => context.rust.argument_type(id),
        false => context.rust.type_of(id),
    }
}

fn write_alias(visibility: &str, name: &str, rust: &str, documentation: &str, text: &mut String) {
    let name = identifier(name);
    let _ = writeln!(text, "{documentation}{visibility} type {name} = {rust};");
}
