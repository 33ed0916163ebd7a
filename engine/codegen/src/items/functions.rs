//! Writes functions: those that Rust can call itself as a declaration, others through a shim.

use cgo_csyntax::declarations::declarator;
use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::BoundItem;

use crate::context::{Context, ProbedItem};
use crate::items::extern_functions::{self, Function};
use crate::items::output::Items;
use crate::items::shimmed_functions;
use crate::layout::abi::{self, Obstacle};
use crate::model::types::{Encoding, Signature, Type, TypeId};
use crate::names::identifiers::identifier;

/// Writes a function that the preamble declares.
pub(crate) fn write(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    storage: Storage,
    signature: &Signature,
    out: &mut Items,
) -> Result<(), Message> {
    let old_style = old_style_definition(context, probed, signature);
    if old_style.is_none() && lost_its_parameters(context, probed.item, storage, signature) {
        return Err(Message::new("the compiler does not tell its parameters")
            .help("declare it once more in the preamble, with its parameters"));
    }
    let function = Function {
        item: probed.item,
        storage,
        signature: old_style.unwrap_or(signature),
    };
    match obstacle(context, probed, &function, old_style.is_some()) {
        Some(obstacle) => shimmed_functions::write(context, &function, &obstacle, out),
        None => {
            let symbol = extern_functions::symbol(context, probed, storage, out)?;
            extern_functions::write(context, &function, &symbol, "", out);
            Ok(())
        }
    }
}

/// Writes a function that the compiler has built in: C can call it, and cannot take its address.
pub(crate) fn write_builtin(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    out: &mut Items,
) -> Result<(), Message> {
    let Type::Function(signature) = context.resolved(probed.ctype) else {
        return Err("its type is not that of a function".into());
    };
    let function = Function {
        item: probed.item,
        storage: Storage::default(),
        signature,
    };
    shimmed_functions::write(context, &function, &Obstacle::Builtin, out)
}

/// Writes a macro whose value is a function or a pointer to one as a function, which evaluates the macro at each call.
pub(crate) fn write_macro(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    out: &mut Items,
) -> Result<(), Message> {
    let Some(signature) = signature_behind(context, probed.ctype) else {
        return Err("its value is not a function".into());
    };
    if signature.variadic {
        let name = identifier(&probed.item.name);
        return Err(
            Message::new("it is a macro, and no shim can pass on its `...`").help(format!(
                "without `#cgo functions:` for it, `{name}()` returns the pointer to the function"
            )),
        );
    }
    let function = Function {
        item: probed.item,
        storage: Storage::default(),
        signature,
    };
    shimmed_functions::write(context, &function, &Obstacle::Macro, out)
}

/// The signature of the function that a type is or points to.
pub(crate) fn signature_behind<'a>(context: &Context<'a>, id: TypeId) -> Option<&'a Signature> {
    let function = match context.resolved(id) {
        Type::Pointer(pointee) => context.resolved(*pointee),
        other => other,
    };
    match function {
        Type::Function(signature) => Some(signature),
        _ => None,
    }
}

/// Why Rust cannot call the function itself.
fn obstacle(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    function: &Function<'_>,
    is_old_style: bool,
) -> Option<Obstacle> {
    let (storage, signature) = (function.storage, function.signature);
    if let Some(obstacle) = abi::obstacle(context.layouts, signature) {
        return Some(obstacle);
    }
    // Rust's own references want a definition, and cannot be null.
    if storage.weakref || probed.may_be_missing {
        return Some(Obstacle::MayBeMissing);
    }
    if storage.is_static && storage.ifunc {
        return Some(Obstacle::ChosenAtStart);
    }
    if probed.is_import {
        return Some(Obstacle::Import);
    }
    let convention = storage.convention;
    let needs_shim = convention
        .is_some_and(|convention| !convention.is_usual(context.input.target))
        || is_inlined_only(storage, signature)
        || is_old_style && is_promoted(context, signature);
    needs_shim.then_some(match storage.always_inline {
        true => Obstacle::AlwaysInline,
        false => Obstacle::Convention,
    })
}

/// The parameters of a function that was defined without a prototype: `int f(a) int a; {}`.
fn old_style_definition<'a>(
    context: &Context<'a>,
    probed: &ProbedItem<'_>,
    signature: &Signature,
) -> Option<&'a Signature> {
    let probe = context.input.probe;
    let definition = probe.definitions.get(&probed.item.target)?;
    match probe.types.get(*definition) {
        Type::Function(definition) => definition.is_old_style_of(signature).then_some(definition),
        _ => None,
    }
}

/// Whether a function is declared by something like `__attribute__((noreturn)) __typeof__(g) f`, which clang takes for one without a
/// prototype.
fn lost_its_parameters(
    context: &Context<'_>,
    item: &BoundItem,
    storage: Storage,
    signature: &Signature,
) -> bool {
    let names = context.input.names;
    let declared = names.ordinary(&item.target);
    let declaration = declared.map_or(&[][..], |name| names.tokens(name.declaration));
    signature.unspecified
        && storage.noreturn
        && !declarator::has_parentheses(declaration, &item.target)
}

/// Whether a call without a prototype passes other types than the parameters have (C17 6.5.2.2, paragraph 6).
fn is_promoted(context: &Context<'_>, signature: &Signature) -> bool {
    let is_promoted = |id: &TypeId| match context.resolved(*id) {
        Type::Base(base) => base.size < 4 || base.encoding == Encoding::Float,
        Type::Enum(e) => e.size < 4,
        _ => false,
    };
    signature.parameters.iter().any(is_promoted)
}

/// Whether the compiler makes no function of it that could be linked to. No other function can call one that ends in `...`; those of
/// C's library have a symbol there.
fn is_inlined_only(storage: Storage, signature: &Signature) -> bool {
    storage.always_inline && storage.inline && storage.defined && !signature.variadic
}
