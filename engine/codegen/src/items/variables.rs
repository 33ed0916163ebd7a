//! Writes variables.

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::message::Message;

use crate::context::{Context, ProbedItem};
use crate::docs::attribute;
use crate::items::output::Items;
use crate::items::{constants, extern_functions};
use crate::model::types::{Type, TypeId};
use crate::shims::Shim;

/// Writes a variable: as a `static`, as a constant if C23's `constexpr` made it one, or as a function that returns its address.
pub(crate) fn write(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    storage: Storage,
    out: &mut Items,
) -> Result<(), Message> {
    let (item, id) = (probed.item, probed.ctype);
    if storage.constant
        && let Some(constant) = probed.constant
        && let Some(value) = constants::of_constexpr(context, id, constant)
    {
        value.write(context, item, &mut out.text);
        return Ok(());
    }
    // Rust's own references want a definition, and cannot be null.
    if storage.weakref || probed.may_be_missing {
        let remark = "Returns its address, which is null if it has no definition.";
        write_address(context, probed, remark, out);
        return Ok(());
    }
    if storage.thread_local {
        let remark = "Returns the address of this thread's copy.";
        write_address(context, probed, remark, out);
        return Ok(());
    }
    if storage.has_no_constant_address() {
        let remark = "Returns its address in the DLL that has it.";
        write_address(context, probed, remark, out);
        return Ok(());
    }
    let symbol = extern_functions::symbol(context, probed, storage, out)?;
    if let Some(what) = without_size(context, id) {
        return Err(format!("it is a variable of {what}").into());
    }
    let types = context.layouts.types;
    let is_fixed = types.is_const(id) || types.is_volatile(id) || is_atomic(context, id);
    let mutable = if is_fixed { "" } else { "mut " };
    let rust = context.rust.type_of(id);
    let remark = context.rust.remark_on(id).unwrap_or_default();
    let documentation = attribute::of_item(context, item, &remark);
    out.link(context, &item.name, &symbol, &documentation, |name| {
        format!("static {mutable}{name}: {rust}")
    });
    Ok(())
}

/// Writes a variable whose address only C can tell.
fn write_address(context: &Context<'_>, probed: &ProbedItem<'_>, remark: &str, out: &mut Items) {
    let item = probed.item;
    out.shims.push(Shim::Address(item.name.clone()));
    let (symbol, rust) = (
        context.shim_symbol(item),
        context.rust.type_of(probed.ctype),
    );
    let documentation = attribute::of_item(context, item, remark);
    out.link(context, &item.name, &symbol, &documentation, |name| {
        format!("fn {name}() -> *mut {rust}")
    });
}

/// Whether a variable is `_Atomic` or an array of such, which change without being `mut`.
fn is_atomic(context: &Context<'_>, id: TypeId) -> bool {
    match context.resolved(id) {
        Type::Array { element, .. } => is_atomic(context, *element),
        _ => context.layouts.types.is_atomic(id),
    }
}

fn without_size(context: &Context<'_>, id: TypeId) -> Option<&'static str> {
    match context.resolved(id) {
        _ if context.layouts.is_too_big(id) => Some("a type that is too large for Rust"),
        Type::Void | Type::Unsupported(_) => Some("a type that Rust does not have"),
        _ => None,
    }
}
