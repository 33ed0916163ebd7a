//! Chooses the writer of an item that is a value: a function, a variable, an enumerator, or a macro.

use cgo_csyntax::declarations::caller_frame;
use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::directive::pattern::{self, NamePattern};
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::ItemKind;

use crate::context::{Context, ProbedItem};
use crate::items::output::{Items, NameSpaces};
use crate::items::{expressions, functions, variables};
use crate::model::types::Type;
use crate::names::identifiers::{identifier, is_spelled};

/// Writes a value.
pub(crate) fn write(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    name_spaces: &mut NameSpaces,
    out: &mut Items,
) -> Result<(), Message> {
    match &probed.item.kind {
        _ if is_to_be_a_function(context, probed) => functions::write_macro(context, probed, out)?,
        ItemKind::FunctionOrVariable(storage) => write_object(context, probed, *storage, out)?,
        ItemKind::Builtin(_) => functions::write_builtin(context, probed, out)?,
        ItemKind::Enumerator => expressions::write_enumerator(context, probed, out)?,
        ItemKind::Expression(expression) => {
            expressions::write(context, probed, expression, out)?;
        }
        ItemKind::Tag(_) | ItemKind::TypeName | ItemKind::DirectiveType => return Ok(()),
    }
    name_spaces.values.insert(identifier(&probed.item.name));
    Ok(())
}

/// Whether `#cgo functions:` makes a function of the macro. A macro that names a function is one without it.
fn is_to_be_a_function(context: &Context<'_>, probed: &ProbedItem<'_>) -> bool {
    let (item, patterns) = (probed.item, &context.input.directives.functions);
    let Some(signature) = functions::signature_behind(context, probed.ctype) else {
        return false;
    };
    let names_function = matches!(context.resolved(probed.ctype), Type::Function(_))
        && !matches!(item.kind, ItemKind::Expression(_));
    let named = pattern::picking(patterns.iter(), |pattern| pattern.is_like(&item.name));
    // No shim can pass on `...`.
    let is_fit = |pattern: &NamePattern| !(signature.variadic && pattern.is_for_many());
    item.declaration.is_none() && !names_function && named.is_some_and(is_fit)
}

fn write_object(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    storage: Storage,
    out: &mut Items,
) -> Result<(), Message> {
    let is_defined = context.is_defined(storage, probed.ctype);
    if storage.is_static && !storage.weakref && !storage.ifunc && !is_defined {
        return Err("it is declared `static` but not defined".into());
    }
    match context.resolved(probed.ctype) {
        Type::Function(_) if returns_twice(probed, storage) => Err(Message::new(
            "it can return twice, and a call from Rust returns only once",
        )
        .help(
            "call it in a C function of the preamble that is still running when it returns again",
        )),
        Type::Function(signature) => functions::write(context, probed, storage, signature, out),
        _ => variables::write(context, probed, storage, out),
    }
}

fn returns_twice(probed: &ProbedItem<'_>, storage: Storage) -> bool {
    storage.returns_twice || caller_frame::returns_twice(&probed.item.target)
}

/// Rejects an item without its shim, and one whose name in Rust is taken.
pub(crate) fn check(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    name_spaces: &NameSpaces,
) -> Result<(), Message> {
    let name = &probed.item.name;
    if let Some(reason) = context.input.rejected.get(name) {
        return Err(reason.clone().into());
    }
    // Two names of C may become one in Rust. The name that Rust can spell as C does keeps it.
    let rust = identifier(name);
    let is_another_name = !is_spelled(name) && context.input.names.has(&rust);
    match is_another_name || name_spaces.values.contains(&rust) {
        true => Err(format!(
            "in Rust it could only be called `{rust}`, which is another name in C"
        )
        .into()),
        false => Ok(()),
    }
}
