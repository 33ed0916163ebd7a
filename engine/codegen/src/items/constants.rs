//! Writes constants, for values that the compiler knows.

use std::fmt::Write;

use cgo_csyntax::directive::EnumStyle;
use cgo_csyntax::selection::BoundItem;

use crate::context::Context;
use crate::docs::attribute;
use crate::items::rust_enums;
use crate::model::probe_results::Constant;
use crate::model::types::{Encoding, Type, TypeId};
use crate::names::identifiers::identifier;
use crate::names::number;
use crate::names::rust_types::integer_type;

/// A constant's type and value in Rust.
pub(crate) struct RustConstant {
    rust: String,
    value: String,
}

impl RustConstant {
    /// Writes the item as this constant.
    pub(crate) fn write(&self, context: &Context<'_>, item: &BoundItem, text: &mut String) {
        let documentation = attribute::of_item(context, item, "");
        let (name, RustConstant { rust, value }) = (identifier(&item.name), self);
        let visibility = context.visibility(&name);
        let _ = writeln!(
            text,
            "{documentation}{visibility} const {name}: {rust} = {value};"
        );
    }
}

/// A number that C declares as `constexpr`; `None` if Rust has no number like it.
pub(crate) fn of_constexpr(
    context: &Context<'_>,
    id: TypeId,
    constant: &Constant,
) -> Option<RustConstant> {
    let has_rust_type = match context.resolved(id) {
        Type::Base(base) => base.has_rust_type(),
        Type::Enum(_) => true,
        _ => false,
    };
    match constant {
        Constant::Integer(value) if has_rust_type => integer(context, id, *value),
        Constant::Float(value) if has_rust_type => Some(float(context, id, *value)),
        _ => None,
    }
}

/// An enumerator of an enumeration that is an enum of Rust.
pub(crate) fn enumerator(context: &Context<'_>, id: TypeId, name: &str) -> Option<RustConstant> {
    Some(RustConstant {
        rust: context.rust.argument_type(id),
        value: rust_enums::enumerator(context, id, name)?,
    })
}

/// `None` for a type that is not an integer of at most 128 bits.
pub(crate) fn integer(context: &Context<'_>, id: TypeId, value: i128) -> Option<RustConstant> {
    let number = number::in_type(context.layouts.types, id, value)?;
    if context.rust.is_enum(id)
        && let Some(value) =
            rust_enums::variant(context, context.layouts.types.resolve(id), &number)
    {
        let rust = context.rust.argument_type(id);
        return Some(RustConstant { rust, value });
    }
    Some(RustConstant {
        rust: context.rust.value_type(id),
        value: enum_value(context, id, number),
    })
}

/// A number as a value of this type: of an enumeration that Rust gets as a type of its own, or that another module defines, it is no
/// number there.
fn enum_value(context: &Context<'_>, id: TypeId, number: String) -> String {
    let id = context.layouts.types.resolve(id);
    let Type::Enum(e) = context.layouts.types.get(id) else {
        return number;
    };
    let name = context.names.get(id).map(identifier).unwrap_or_default();
    let from_integer = |rust: &str| {
        let integer = integer_type(e.size, e.signed);
        format!("unsafe {{ ::core::mem::transmute::<{integer}, {rust}>({number}) }}")
    };
    if context.imports.contains_key(&name) {
        return from_integer(&name);
    }
    match context.enum_styles.get(&id) {
        None => number,
        Some(EnumStyle::Newtype | EnumStyle::Flags) => format!("{name}({number})"),
        // It is not one of the enumerators.
        Some(EnumStyle::Enum) => from_integer(&context.rust.type_of(id)),
    }
}

/// A number of one type as C converts it to another; `None` if either is not one of numbers, and where C leaves the result open.
pub(crate) fn converted(
    context: &Context<'_>,
    (from, to): (TypeId, TypeId),
    constant: Option<&Constant>,
) -> Option<RustConstant> {
    let is_float = match context.resolved(to) {
        Type::Base(base) if base.has_rust_type() => match base.encoding {
            Encoding::Float => true,
            Encoding::ComplexFloat | Encoding::Null => return None,
            _ => false,
        },
        Type::Enum(_) => false,
        _ => return None,
    };
    let size = context.layouts.size(to);
    match (constant?, is_float) {
        (Constant::Integer(value), false) if fits(context, to, *value) => {
            integer(context, to, *value)
        }
        // Rounded once, as C does. The probe tells 128 bits, whatever their type.
        (Constant::Integer(value), true) => {
            let rounded = match (size, is_unsigned(context, from)) {
                (Some(4), true) => f64::from(*value as u128 as f32),
                (Some(4), false) => f64::from(*value as f32),
                (_, true) => *value as u128 as f64,
                (_, false) => *value as f64,
            };
            Some(float(context, to, rounded))
        }
        // C would make another number of what it was.
        (Constant::Float(_), _) if is_rounded(context, from) && !(is_float && size == Some(8)) => {
            None
        }
        (Constant::Float(value), true) => Some(float(context, to, *value)),
        (Constant::Float(value), false) => {
            let whole = *value as i128;
            let number = number::in_type(context.layouts.types, to, whole)?;
            let is_the_same = whole as f64 == *value && number == whole.to_string();
            is_the_same.then(|| integer(context, to, whole)).flatten()
        }
        _ => None,
    }
}

/// Whether the probe, which tells a number as a `double`, has rounded one of this type.
fn is_rounded(context: &Context<'_>, id: TypeId) -> bool {
    context.layouts.size(id) > Some(8) || is_decimal(context, id)
}

pub(crate) fn is_decimal(context: &Context<'_>, id: TypeId) -> bool {
    matches!(context.resolved(id), Type::Base(base) if base.encoding == Encoding::Other)
}

fn is_unsigned(context: &Context<'_>, id: TypeId) -> bool {
    matches!(context.resolved(id), Type::Base(base) if base.encoding == Encoding::Unsigned)
}

/// Whether an integer type has this number, or the same bits as one of its numbers: -1 is the largest unsigned number in C.
fn fits(context: &Context<'_>, id: TypeId, value: i128) -> bool {
    match context.layouts.size(id) {
        Some(size @ 1..=15) => {
            let above = 128 - 8 * size as u32;
            value << above >> above == value || (value as u128) << above >> above == value as u128
        }
        size => size == Some(16),
    }
}

pub(crate) fn float(context: &Context<'_>, id: TypeId, value: f64) -> RustConstant {
    let (rust, bits) = match context.layouts.size(id) {
        Some(4) => ("f32", u64::from((value as f32).to_bits())),
        _ => ("f64", value.to_bits()),
    };
    RustConstant {
        rust: format!("::core::primitive::{rust}"),
        value: format!("::core::primitive::{rust}::from_bits({bits:#x})"),
    }
}

/// A `&CStr`, or a reference to all bytes with the NUL at the end where another NUL stands inside.
pub(crate) fn string(bytes: &[u8]) -> RustConstant {
    let mut literal = String::from("b\"");
    for byte in bytes.iter().chain(b"\0") {
        let _ = write!(literal, "{}", byte.escape_ascii());
    }
    literal.push('"');
    match bytes.contains(&0) {
        true => RustConstant {
            rust: format!("&[::core::primitive::u8; {}]", bytes.len() + 1),
            value: literal,
        },
        false => RustConstant {
            rust: "&::core::ffi::CStr".to_string(),
            value: format!(
                "unsafe {{ ::core::ffi::CStr::from_bytes_with_nul_unchecked({literal}) }}"
            ),
        },
    }
}

/// All characters with the zero at the end, of the type that C gives them; `None` for a type that is not an array.
pub(crate) fn wide_string(
    context: &Context<'_>,
    id: TypeId,
    characters: &[u64],
) -> Option<RustConstant> {
    let Type::Array { element, .. } = context.resolved(id) else {
        return None;
    };
    let rust = context
        .rust
        .type_of(context.layouts.types.resolve(*element));
    let is_signed =
        matches!(context.resolved(*element), Type::Base(base) if base.encoding == Encoding::Signed);
    let written = characters.iter().map(|&character| match is_signed {
        true => (character as i32).to_string(),
        false => character.to_string(),
    });
    let written: Vec<String> = written.collect();
    Some(RustConstant {
        rust: format!("&[{rust}; {}]", characters.len()),
        value: format!("&[{}]", written.join(", ")),
    })
}

/// An address that is a number in C: `(void *)-1`.
pub(crate) fn pointer(context: &Context<'_>, id: TypeId, value: u64) -> RustConstant {
    let rust = context.rust.decayed_type(id);
    let bits = 8 * context.layouts.pointer_size().clamp(1, 8);
    let value = value & (u64::MAX >> (64 - bits));
    RustConstant {
        value: format!("{value:#x}_usize as {rust}"),
        rust,
    }
}
