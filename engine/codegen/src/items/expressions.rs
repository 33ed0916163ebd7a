//! Writes enumerators and the macros that are expressions.

use std::fmt::Write;

use cgo_csyntax::macros::classify::{Expression, WantedType};
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::macros::expression_type::TypeSource;
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::BoundItem;

use crate::context::{Context, ProbedItem};
use crate::docs::attribute;
use crate::items::constants::{self, RustConstant};
use crate::items::output::Items;
use crate::items::shimmed_functions::{DOUBLE, ROUNDED};
use crate::layout::abi::{self, PassMode};
use crate::model::probe_results::Constant;
use crate::model::types::{Encoding, Type, TypeId};
use crate::names::identifiers::identifier;
use crate::shims::Shim;

/// Writes an enumerator.
pub(crate) fn write_enumerator(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    out: &mut Items,
) -> Result<(), Message> {
    let item = probed.item;
    let Some(Constant::Integer(value)) = probed.constant else {
        return Err("the compiler finds no constant value for it".into());
    };
    // C gives an enumerator the type `int`, but it is compared with values of its enumeration, and passed as such.
    let enumeration = context.enumerations.get(item.target.as_str()).copied();
    let id = enumeration.unwrap_or(probed.ctype);
    let constant = match context.rust.is_enum(id) {
        true => constants::enumerator(context, id, &item.target),
        false => constants::integer(context, id, *value),
    };
    write_value(context, item, id, constant, out);
    Ok(())
}

/// Writes a macro that is an expression.
pub(crate) fn write(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    expression: &Expression,
    out: &mut Items,
) -> Result<(), Message> {
    let (item, id) = (probed.item, expression_type(context, probed, expression));
    let constant = match context.resolved(probed.ctype) {
        // Compilers disagree on whether `nullptr` is a pointer.
        Type::Base(base) if base.encoding == Encoding::Null => Some(&Constant::Pointer(0)),
        _ => probed.constant,
    };
    let constant = constant.filter(|_| expression.evaluation != Evaluation::AtEachUse);
    if let Some(WantedType { ctype, for_many }) = &expression.wanted {
        let wanted = context.directive_type(ctype);
        match wanted.and_then(|id| constants::converted(context, (probed.ctype, id), constant)) {
            Some(value) => {
                value.write(context, item, &mut out.text);
                return Ok(());
            }
            None if *for_many => {}
            None => {
                return Err(format!("its value does not fit the type `{ctype}`").into());
            }
        }
    }
    let value = match constant {
        Some(Constant::Integer(value)) => constants::integer(context, id, *value),
        // The probe has a decimal number as a binary one, which is another number.
        Some(Constant::Float(_)) if constants::is_decimal(context, id) => None,
        Some(Constant::Float(value)) => Some(constants::float(context, id, *value)),
        Some(Constant::String(bytes)) => Some(constants::string(bytes)),
        Some(Constant::Wide(characters)) => constants::wide_string(context, id, characters),
        Some(Constant::Pointer(value)) if !is_function(context, id) => {
            Some(constants::pointer(context, id, *value))
        }
        Some(Constant::Literal) => return write_literal(context, item, expression, id, out),
        Some(Constant::Pointer(_)) | None => None,
    };
    write_value(context, item, id, value, out);
    Ok(())
}

/// Some compilers give an operator's result the typedef of an operand, and others do not.
fn expression_type(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    expression: &Expression,
) -> TypeId {
    let types = context.layouts.types;
    match (&expression.type_source, context.resolved(probed.ctype)) {
        (TypeSource::Enumerator(name), Type::Base(base)) => {
            let enumeration = context.enumerations.get(name.as_str()).copied();
            let is_beyond_int = |id: &TypeId| match context.resolved(*id) {
                Type::Enum(e) => base.name != "int" && e.size == base.size,
                _ => false,
            };
            let enumeration = enumeration.filter(is_beyond_int);
            enumeration.unwrap_or_else(|| types.resolve(probed.ctype))
        }
        // A typedef of function pointers may have a type of its own.
        (TypeSource::Language, Type::Base(_) | Type::Pointer(_)) => types.resolve(probed.ctype),
        _ => probed.ctype,
    }
}

/// Whether the value is a function or a pointer to one.
fn is_function(context: &Context<'_>, id: TypeId) -> bool {
    match context.resolved(id) {
        Type::Function(_) => true,
        Type::Pointer(pointee) => matches!(context.resolved(*pointee), Type::Function(_)),
        _ => false,
    }
}

fn write_value(
    context: &Context<'_>,
    item: &BoundItem,
    id: TypeId,
    value: Option<RustConstant>,
    out: &mut Items,
) {
    match value {
        Some(constant) => constant.write(context, item, &mut out.text),
        None => write_getter(context, item, id, out),
    }
}

/// Writes a variable that a shim defines. It holds the value, and the compound literals that the value points to, for as long as the
/// program runs.
fn write_literal(
    context: &Context<'_>,
    item: &BoundItem,
    expression: &Expression,
    id: TypeId,
    out: &mut Items,
) -> Result<(), Message> {
    if expression.evaluation.is_read_in_a_function() {
        return Err(
            "it points into a compound literal, whose lifetime ends with the function that contains it"
                .into(),
        );
    }
    let rust = context.rust.decayed_type(id);
    out.shims.push(Shim::Literal(item.name.clone()));
    let remark = "A constant. What it points to exists as long as the program runs.";
    let documentation = attribute::of_item(context, item, remark);
    let symbol = context.shim_symbol(item);
    out.link(context, &item.name, &symbol, &documentation, |name| {
        format!("safe static {name}: {rust}")
    });
    Ok(())
}

/// Writes a function that evaluates the expression at each call, as C does at each use.
fn write_getter(context: &Context<'_>, item: &BoundItem, id: TypeId, out: &mut Items) {
    let ctype = context.resolved(id);
    let is_void = matches!(ctype, Type::Void);
    let as_double = abi::pass_mode(context.layouts, id) == PassMode::AsDouble;
    let (shim, rust) = match ctype {
        Type::Array { .. } | Type::Function(_) => (
            Shim::DecayedValue(item.name.clone()),
            context.rust.decayed_type(id),
        ),
        Type::Void => (
            Shim::Value(item.name.clone()),
            "::core::primitive::u8".to_string(),
        ),
        _ if as_double => (Shim::DoubleValue(item.name.clone()), DOUBLE.to_string()),
        _ => (Shim::Value(item.name.clone()), context.rust.value_type(id)),
    };
    out.shims.push(shim);
    let (result, value) = match is_void {
        true => (String::new(), ""),
        false => (format!(" -> {rust}"), "; _cgo_result.assume_init()"),
    };
    let mut remark = "Evaluated at each call.".to_string();
    if as_double {
        remark = format!("{remark} {ROUNDED}");
    }
    let documentation = attribute::of_item(context, item, &remark);
    let shim = out.link_shim(context, &item.name, context.shim_symbol(item), |name| {
        format!("fn {name}(_: *mut {rust})")
    });
    let name = identifier(&item.name);
    let visibility = context.visibility(&name);
    let safety = match context.is_safe(&item.name) {
        true => "",
        false => "unsafe ",
    };
    let _ = writeln!(
        out.text,
        "{documentation}#[inline]\n{visibility} {safety}fn {name}(){result} {{\n\
         let mut _cgo_result = ::core::mem::MaybeUninit::uninit();\n\
         unsafe {{ {shim}(_cgo_result.as_mut_ptr()){value} }}\n}}"
    );
}
