//! Writes the enumerations that a directive wants as enums of Rust. C may hold a number that is no enumerator, so what comes from C is a
//! `cgo::Unchecked` of the enum.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use crate::context::Context;
use crate::docs::attribute;
use crate::items::short_names;
use crate::model::types::{Enum, Type, TypeId};
use crate::names::identifiers::identifier;
use crate::names::number;

/// Writes the enumeration as an enum of this name.
pub(crate) fn write(context: &Context<'_>, id: TypeId, documentation: &str, text: &mut String) {
    let (Type::Enum(e), Some(name)) = (context.layouts.types.get(id), context.names.get(id)) else {
        return;
    };
    let name = identifier(name);
    let visibility = context.visibility_of_type(&name);
    let integer = format!("{}{}", if e.signed { "i" } else { "u" }, 8 * e.size);
    let _ = writeln!(
        text,
        "{documentation}#[repr({integer})]\n\
         #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq, \
         ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash)]\n\
         {visibility} enum {name} {{"
    );
    let (mut variants, mut names, mut same) = (HashMap::new(), String::new(), String::new());
    let (mut values, mut members) = (String::new(), BTreeMap::new());
    for (enumerator, name, number) in numbers(context, id, e) {
        members.insert(name.clone(), enumerator);
        let _ = write!(names, "({enumerator:?}, {number}), ");
        match variants.entry(number) {
            Entry::Occupied(first) => {
                let first: &String = first.get();
                let _ = writeln!(
                    same,
                    "{} pub const {name}: Self = Self::{first};",
                    attribute::of_enumerator(context, enumerator)
                );
            }
            Entry::Vacant(variant) => {
                let number = variant.key();
                let _ = write!(values, "{number}, ");
                let _ = writeln!(
                    text,
                    "{} {name} = {number},",
                    attribute::of_enumerator(context, enumerator)
                );
                variant.insert(name);
            }
        }
    }
    short_names::write_in_type(context, &members, &[], &mut same);
    let shown = name.trim_start_matches("r#");
    let (size, signed) = (e.size, e.signed);
    let _ = writeln!(
        text,
        "}}\nimpl {name} {{\n{same}}}\n\
         unsafe impl ::cgo::CType for {name} {{\n\
         type Passed = ::cgo::Unchecked<Self>;\n\
         const CHECKED: ::core::primitive::bool = true;\n\
         const KIND: ::cgo::generated::Kind = <::core::primitive::{integer} as ::cgo::CType>::KIND;\n\
         #[inline] #[track_caller] unsafe fn check(_cgo_place: *const Self) {{ unsafe {{ ::cgo::generated::export::check_variant(_cgo_place.cast(), {size}, {signed}, \
         {shown:?}, &[{values}]) }} }}\n}}\n\
         unsafe impl ::cgo::generated::Enumeration for {name} {{\n\
         type Number = ::core::primitive::{integer};\n\
         const NAME: &'static ::core::primitive::str = {shown:?};\n\
         const ENUMERATORS: &'static [(&'static ::core::primitive::str, ::core::primitive::i128)] = &[{names}];\n\
         #[inline] fn value(_cgo_number: ::core::primitive::{integer}) -> ::core::primitive::i128 {{ _cgo_number as ::core::primitive::i128 }}\n}}"
    );
    // What C leaves out of an initializer is zero.
    if let Some(zero) = variants.get("0") {
        let _ = writeln!(
            text,
            "impl ::core::default::Default for {name} {{ #[inline] fn default() -> Self {{ Self::{zero} }} }}"
        );
    }
}

/// The enumerators with their names in Rust and their values.
fn numbers<'a>(
    context: &Context<'_>,
    id: TypeId,
    e: &'a Enum,
) -> impl Iterator<Item = (&'a str, String, String)> {
    e.enumerators.iter().filter_map(move |enumerator| {
        let number = number::in_type(context.layouts.types, id, enumerator.value?)?;
        let name = enumerator.name.as_str();
        Some((name, rust_name(context, id, name), number))
    })
}

/// A name that Rust spells as C does goes to that enumerator.
fn rust_name(context: &Context<'_>, id: TypeId, enumerator: &str) -> String {
    let rust = identifier(enumerator);
    match rust != enumerator && context.enumerations.get(rust.as_str()) == Some(&id) {
        true => rust + "_2",
        false => rust,
    }
}

/// The enumerator as an expression: the variant, or the constant that is the same one.
pub(crate) fn enumerator(context: &Context<'_>, id: TypeId, enumerator: &str) -> Option<String> {
    let name = identifier(context.names.get(id)?);
    Some(format!("{name}::{}", rust_name(context, id, enumerator)))
}

/// The variant with this value, as an expression; `None` if there is none.
pub(crate) fn variant(context: &Context<'_>, id: TypeId, number: &str) -> Option<String> {
    let Type::Enum(e) = context.layouts.types.get(id) else {
        return None;
    };
    let (first, ..) = numbers(context, id, e).find(|(.., value)| value == number)?;
    enumerator(context, id, first)
}
