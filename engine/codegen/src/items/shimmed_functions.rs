//! Writes functions that Rust cannot call as C does. A shim in C calls them, and takes by pointer what Rust cannot pass.

use std::fmt::Write;

use crate::context::Context;
use crate::docs::declaration;
use crate::items::extern_functions::{self, Function};
use crate::items::output::Items;
use crate::items::parameters;
use crate::layout::abi::{self, Obstacle, PassMode};
use crate::model::types::{Type, TypeId};
use crate::names::c_types;
use crate::names::identifiers::identifier;
use crate::shims::{Shim, ShimParameter, ShimResult};
use cgo_csyntax::message::Message;

/// What Rust has of a `long double` that is passed by value.
pub(crate) const DOUBLE: &str = "::core::primitive::f64";
pub(crate) const ROUNDED: &str = "C's `long double` is an `f64` here, and is rounded.";

/// What the function's shim takes and returns.
struct Passing {
    parameters: Vec<ShimParameter>,
    result: ShimResult,
}

/// Writes a function that `obstacle` keeps Rust from calling.
pub(crate) fn write(
    context: &Context<'_>,
    function: &Function<'_>,
    obstacle: &Obstacle,
    out: &mut Items,
) -> Result<(), Message> {
    let Function { item, storage, .. } = *function;
    reject(function, obstacle)?;
    let unnamed = || format!("it {obstacle}, and one of its types has no name in C");
    let passing = passing(context, function).ok_or_else(unnamed)?;
    // The item may be a macro that stands for the function.
    let names = context.input.names;
    let declared = names.ordinary(&item.target);
    let features =
        declared.and_then(|declared| declaration::target(names.tokens(declared.declaration)));
    let mut remark = remark(&passing, obstacle);
    if let Some(features) = &features {
        let _ = write!(remark, " The processor must have {features}.");
    }
    out.shims.push(Shim::Call {
        name: item.name.clone(),
        callee: item.target.clone(),
        parameters: passing.parameters.clone(),
        result: passing.result.clone(),
        inlined: storage.always_inline,
        features,
    });
    let is_direct = passing.parameters.iter().all(|parameter| {
        matches!(
            parameter,
            ShimParameter::Direct(_) | ShimParameter::Pointer(_)
        )
    }) && matches!(
        passing.result,
        ShimResult::Void | ShimResult::Direct(_) | ShimResult::Pointer(_)
    );
    match is_direct {
        // Rust calls the shim itself, so that its address is a C function's too.
        true => {
            let symbol = context.shim_symbol(item);
            extern_functions::write(context, function, &symbol, &remark, out);
        }
        false => write_wrapper(context, function, &passing, &remark, out),
    }
    Ok(())
}

/// Rejects the functions that no shim can call.
fn reject(function: &Function<'_>, obstacle: &Obstacle) -> Result<(), Message> {
    if abi::has_too_many_parameters(function.signature) {
        return Err(format!("it {obstacle}").into());
    }
    if function.signature.variadic {
        return Err(format!("it {obstacle}, and no shim can pass on its `...`").into());
    }
    if function.storage.always_inline && function.storage.other_target {
        return Err(Message::new(
            "it exists only where the compiler inlines it, and needs processor features that the code is not compiled for",
        )
        .help("allow them with `#cgo CFLAGS: -m..`"));
    }
    Ok(())
}

/// How the shim takes the parameters and returns the result; `None` if it needs the name of a type that has none.
fn passing(context: &Context<'_>, function: &Function<'_>) -> Option<Passing> {
    let parameters = function.signature.parameters.iter();
    let has_prototype = function.has_prototype(context);
    let is_other = |id| has_prototype && matches!(context.resolved(id), Type::Pointer(_));
    let parameters = parameters.map(|&id| match parameter(context, id)? {
        ShimParameter::Direct(ctype) if is_other(id) => Some(ShimParameter::Pointer(ctype)),
        as_in_c => Some(as_in_c),
    });
    Some(Passing {
        parameters: parameters.collect::<Option<_>>()?,
        result: match result(context, function)? {
            ShimResult::Direct(ctype) if is_other(function.signature.result) => {
                ShimResult::Pointer(ctype)
            }
            as_in_c => as_in_c,
        },
    })
}

fn parameter(context: &Context<'_>, id: TypeId) -> Option<ShimParameter> {
    let ctype = || c_types::c_type(context.layouts, context.input.names, id);
    match abi::pass_mode(context.layouts, id) {
        PassMode::AsDouble => Some(ShimParameter::AsDouble),
        PassMode::Direct => ctype().map(ShimParameter::Direct),
        // Rust has to know how many bytes it passes.
        PassMode::Indirect => {
            context.layouts.size(id)?;
            ctype().map(ShimParameter::Indirect)
        }
    }
}

fn result(context: &Context<'_>, function: &Function<'_>) -> Option<ShimResult> {
    let (layouts, id) = (context.layouts, function.signature.result);
    if function.never_returns(context) || matches!(context.resolved(id), Type::Void) {
        return Some(ShimResult::Void);
    }
    match abi::pass_mode(layouts, id) {
        // clang 14 cannot convert a result that is `_Atomic`, only store it.
        _ if layouts.types.is_atomic(id) => {
            // Rust has room for a plain value.
            let is_padded = layouts.size(id) != layouts.plain_size(id);
            (!is_padded).then_some(ShimResult::Indirect)
        }
        PassMode::AsDouble => Some(ShimResult::AsDouble),
        PassMode::Direct => {
            c_types::c_type(layouts, context.input.names, id).map(ShimResult::Direct)
        }
        PassMode::Indirect => layouts.size(id).map(|_| ShimResult::Indirect),
    }
}

fn remark(passing: &Passing, obstacle: &Obstacle) -> String {
    let has_double = passing.parameters.contains(&ShimParameter::AsDouble)
        || passing.result == ShimResult::AsDouble;
    match has_double {
        true => ROUNDED.to_string(),
        false => format!("Called through a shim in C, because it {obstacle}."),
    }
}

/// The parameters of a Rust function that calls a shim, and what the shim gets.
#[derive(Default)]
struct WrapperParameters {
    /// With their types.
    declared: Vec<String>,
    shim_types: Vec<String>,
    arguments: Vec<String>,
}

fn wrapper_parameters(
    context: &Context<'_>,
    function: &Function<'_>,
    passing: &Passing,
) -> WrapperParameters {
    let modes = &passing.parameters;
    // In a function with a body a constant's name would be a pattern.
    let taken = context.constants.clone();
    let names = parameters::names(context, function.item, modes.len(), taken);
    let mut parameters = WrapperParameters::default();
    for ((name, &id), mode) in (names.iter().zip(&function.signature.parameters)).zip(modes) {
        let rust = match mode {
            ShimParameter::AsDouble => DOUBLE.to_string(),
            ShimParameter::Direct(_) | ShimParameter::Pointer(_) | ShimParameter::Indirect(_) => {
                context.rust.argument_type(id)
            }
        };
        parameters.declared.push(format!("{name}: {rust}"));
        match mode {
            ShimParameter::Indirect(_) => {
                parameters.shim_types.push(format!("*const {rust}"));
                parameters.arguments.push(format!("&raw const {name}"));
            }
            ShimParameter::Direct(_) | ShimParameter::Pointer(_) | ShimParameter::AsDouble => {
                parameters.shim_types.push(rust);
                parameters.arguments.push(name.clone());
            }
        }
    }
    parameters
}

/// Writes a Rust function that calls the shim.
fn write_wrapper(
    context: &Context<'_>,
    function: &Function<'_>,
    passing: &Passing,
    remark: &str,
    out: &mut Items,
) {
    let item = function.item;
    let WrapperParameters {
        declared,
        mut shim_types,
        mut arguments,
    } = wrapper_parameters(context, function, passing);
    let result = match passing.result {
        ShimResult::AsDouble => format!(" -> {DOUBLE}"),
        _ => function.result(context),
    };
    let is_indirect = passing.result == ShimResult::Indirect;
    if is_indirect {
        let rust = context.rust.value_type(function.signature.result);
        shim_types.insert(0, format!("*mut {rust}"));
        arguments.insert(0, "_cgo_result.as_mut_ptr()".to_string());
    }
    let shim_result = if is_indirect { "" } else { &result };
    let shim_types: Vec<String> = shim_types.iter().map(|rust| format!("_: {rust}")).collect();
    let shim = out.link_shim(context, &item.name, context.shim_symbol(item), |name| {
        format!("fn {name}({}){shim_result}", shim_types.join(", "))
    });
    let call = format!("{shim}({})", arguments.join(", "));
    let body = match is_indirect {
        true => format!(
            "let mut _cgo_result = ::core::mem::MaybeUninit::uninit(); unsafe {{ {call}; _cgo_result.assume_init() }}"
        ),
        false => format!("unsafe {{ {call} }}"),
    };
    let safety = match context.is_safe(&item.name) {
        true => "",
        false => "unsafe ",
    };
    let attributes = function.attributes(context, remark);
    let rust = identifier(&item.name);
    let _ = writeln!(
        out.text,
        "{attributes}#[inline]\n{} {safety}fn {rust}({}){result} {{\n{body}\n}}",
        context.visibility(&rust),
        declared.join(", "),
    );
}
