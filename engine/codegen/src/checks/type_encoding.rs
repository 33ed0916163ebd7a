//! Encodes types with their layouts as text. `cgo-runtime/src/imported/` compares these texts where one preamble imports a type from
//! another; its `encoding.rs` reads them.
//!
//! It is text because each module has it, whether another one imports its types or not: `cargo check` of 300 structs with 10 members each
//! takes 1 ms for the texts, and 460 ms for the same as constants of enums and structs, each of which rustc parses, checks and evaluates.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::context::Context;
use crate::model::types::{
    Base, Encoding, Enum, Member, Position, Qualifier, Record, RecordKind, Signature, Type, TypeId,
};
use crate::names::number;

/// Writes the module's table of structs and unions, which the encoded types refer to by index.
pub(crate) fn write_records(context: &Context<'_>, text: &mut String) {
    let types = context.layouts.types;
    let mut list = String::new();
    for id in types.ids() {
        if let Type::Record(record) = types.get(id) {
            let _ = writeln!(list, "{:?},", record_text(context, id, record));
        }
    }
    if !list.is_empty() || !context.imports.is_empty() {
        let _ = writeln!(
            text,
            "const _cgo_types: &[&::core::primitive::str] = &[\n{list}];"
        );
    }
}

fn record_text(context: &Context<'_>, id: TypeId, record: &Record) -> String {
    let name = context.names.get(id).or(record.tag.as_deref());
    // An opaque one is passed by address, so it is another type for who imports it.
    let kind = match (record.kind, context.opaque.contains(&id)) {
        (RecordKind::Struct, false) => 's',
        (RecordKind::Struct, true) => 'S',
        (RecordKind::Union, false) => 'u',
        (RecordKind::Union, true) => 'U',
    };
    let mut text = format!("{} {kind}", name.unwrap_or("?"));
    let Some(body) = &record.body else {
        text.push('?');
        return text;
    };
    let _ = write!(text, "{},{}", body.size, context.layouts.record_align(body));
    for member in &body.members {
        encode_member(context, member, &mut text);
    }
    text
}

fn encode_member(context: &Context<'_>, member: &Member, text: &mut String) {
    let name = member.name.as_deref().unwrap_or(".");
    let _ = match member.position {
        Position::Byte(offset) => write!(text, " {name} {offset} "),
        Position::Bits { offset, width } => write!(text, " {name} {offset}+{width} "),
    };
    encode(context, member.ctype, text);
}

/// The enumerators in the order of their names, each with its value.
pub(crate) fn enumerators(context: &Context<'_>, id: TypeId, e: &Enum) -> String {
    let numbers = e.enumerators.iter().filter_map(|one| {
        let number = number::in_type(context.layouts.types, id, one.value?)?;
        Some(format!("{} {number}", one.name))
    });
    let sorted: BTreeSet<String> = numbers.collect();
    sorted.into_iter().collect::<Vec<_>>().join(" ")
}

/// Appends the encoding of a type.
pub(crate) fn encode(context: &Context<'_>, id: TypeId, text: &mut String) {
    encode_with(context, id, false, text);
}

/// Appends the encoding of a type that is `volatile` or not. As in Rust, the qualifier of an array goes to the elements.
fn encode_with(context: &Context<'_>, id: TypeId, volatile: bool, text: &mut String) {
    match context.layouts.types.get(id) {
        Type::Typedef(typedef) => encode_with(context, typedef.target, volatile, text),
        Type::Qualified(Qualifier::Atomic, inner) => encode_atomic(context, id, *inner, text),
        Type::Qualified(qualifier, inner) => {
            let volatile = volatile || *qualifier == Qualifier::Volatile;
            encode_with(context, *inner, volatile, text);
        }
        Type::Array { element, count } => {
            let _ = write!(text, "A{}", count.unwrap_or(0));
            encode_with(context, *element, volatile, text);
        }
        other => {
            if volatile && context.rust.is_accessible(id) {
                text.push('V');
            }
            encode_unqualified(context, id, other, text);
        }
    }
}

fn encode_unqualified(context: &Context<'_>, id: TypeId, ctype: &Type, text: &mut String) {
    match ctype {
        Type::Base(base) => text.push_str(&base_text(base)),
        Type::Enum(e) => {
            let _ = write!(text, "{}{}", if e.signed { 'i' } else { 'u' }, e.size);
        }
        Type::Record(_) => {
            let number = context.record_numbers.get(&id).copied().unwrap_or(0);
            let _ = write!(text, "R{number}");
        }
        Type::Pointer(inner) => {
            text.push('p');
            encode(context, *inner, text);
        }
        Type::Vector { element, size } => {
            let mut elements = String::new();
            encode(context, *element, &mut elements);
            let _ = write!(text, "y{size}.vector{};", elements.replace(';', ""));
        }
        Type::Function(signature) => encode_function(context, signature, text),
        _ => text.push('v'),
    }
}

fn encode_atomic(context: &Context<'_>, id: TypeId, inner: TypeId, text: &mut String) {
    match context.layouts.atomic(id) {
        Some(_) => {
            text.push('a');
            encode(context, inner, text);
        }
        None => {
            let size = context.layouts.size(id).unwrap_or(0);
            let _ = write!(text, "y{size}.atomic;");
        }
    }
}

fn encode_function(context: &Context<'_>, signature: &Signature, text: &mut String) {
    let convention = if signature.convention { "C" } else { "" };
    let letter = if signature.variadic { 'G' } else { 'F' };
    let _ = write!(text, "{convention}{letter}{}", signature.parameters.len());
    for &value in [&signature.result].into_iter().chain(&signature.parameters) {
        encode(context, context.rust.without_volatile(value), text);
    }
}

fn base_text(base: &Base) -> String {
    let size = base.size;
    if !base.has_rust_type() {
        let name = base.name.replace([' ', ';'], "");
        return format!("y{size}.{name};");
    }
    match base.encoding {
        Encoding::Bool => format!("b{size}"),
        Encoding::Signed | Encoding::SignedChar => format!("i{size}"),
        Encoding::Unsigned | Encoding::UnsignedChar => format!("u{size}"),
        Encoding::Float => format!("f{size}"),
        Encoding::ComplexFloat => format!("c{size}"),
        Encoding::Null => "pv".to_string(),
        Encoding::ComplexInteger | Encoding::Other => format!("y{size}.other;"),
    }
}
