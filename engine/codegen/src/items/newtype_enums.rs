//! Writes the enumerations that a directive wants as a type of their own: a struct around the integer, so that every value from C is one.

use std::collections::BTreeMap;
use std::fmt::Write;

use cgo_csyntax::directive::EnumStyle;

use crate::checks::type_encoding;
use crate::context::Context;
use crate::docs::attribute;
use crate::items::short_names;
use crate::model::types::{Enum, Enumerator, Type, TypeId};
use crate::names::identifiers::identifier;
use crate::names::number;
use crate::names::rust_types::integer_type;

/// Writes the enumeration as a type of this name.
pub(crate) fn write(
    context: &Context<'_>,
    id: TypeId,
    style: EnumStyle,
    documentation: &str,
    text: &mut String,
) {
    let (Type::Enum(e), Some(name)) = (context.layouts.types.get(id), context.names.get(id)) else {
        return;
    };
    let (name, integer) = (identifier(name), integer_type(e.size, e.signed));
    let visibility = context.visibility_of_type(&name);
    let enumerators = type_encoding::enumerators(context, id, e);
    let _ = writeln!(
        text,
        "{documentation}#[repr(transparent)]\n\
         #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::cmp::PartialOrd, ::core::cmp::Ord, \
         ::core::hash::Hash, ::core::default::Default)]\n\
         {visibility} struct {name}(#[doc = \"\"] pub {integer});\n\
         unsafe impl ::cgo::CType for {name} {{ type Passed = Self; const KIND: ::cgo::generated::Kind = <{integer} as ::cgo::CType>::KIND; }}\n\
         unsafe impl ::cgo::CLayout for {name} {{ const LAYOUT: ::cgo::generated::imported::Layout = ::cgo::generated::imported::Layout::Enumeration(&<{integer} as ::cgo::CLayout>::LAYOUT, {enumerators:?}); }}\n\
         unsafe impl ::cgo::Zero for {name} {{}}\n\
         impl ::cgo::generated::BitField for {name} {{\n\
         #[inline] fn from_bits(_cgo_bits: ::core::primitive::u128, _cgo_width: ::core::primitive::u32) -> Self {{ Self(::cgo::generated::BitField::from_bits(_cgo_bits, _cgo_width)) }}\n\
         #[inline] fn to_bits(self) -> ::core::primitive::u128 {{ ::cgo::generated::BitField::to_bits(self.0) }}\n}}"
    );
    let methods = match style {
        EnumStyle::Flags => &METHODS[..],
        EnumStyle::Newtype | EnumStyle::Enum => &[],
    };
    write_constants(context, id, e, &name, methods, text);
    write_debug(context, id, e, &name, style, text);
    if style == EnumStyle::Flags {
        write_operators(context, &name, text);
    }
}

/// The methods of a set of flags.
const METHODS: [&str; 5] = ["empty", "is_empty", "contains", "intersects", "union"];

/// An associated constant for each enumerator but those with the name of a method, which the module's own constants are enough for.
fn write_constants(
    context: &Context<'_>,
    id: TypeId,
    e: &Enum,
    name: &str,
    methods: &[&str],
    text: &mut String,
) {
    let _ = writeln!(text, "impl {name} {{");
    let mut written = BTreeMap::new();
    for enumerator in &e.enumerators {
        let (constant, value) = (identifier(&enumerator.name), enumerator.value);
        // A name that Rust spells as C does goes to that enumerator.
        let is_others =
            constant != enumerator.name && context.enumerations.get(constant.as_str()) == Some(&id);
        if let Some(value) =
            value.and_then(|value| number::in_type(context.layouts.types, id, value))
            && !is_others
            && !methods.contains(&constant.as_str())
            && !written.contains_key(&constant)
        {
            let _ = writeln!(
                text,
                "{} pub const {constant}: Self = Self({value});",
                attribute::of_enumerator(context, &enumerator.name)
            );
            written.insert(constant, enumerator.name.as_str());
        }
    }
    short_names::write_in_type(context, &written, methods, text);
    text.push_str("}\n");
}

/// `Debug` that says the names: `RED`, `READ | WRITE`, and the number where there is no name.
fn write_debug(
    context: &Context<'_>,
    id: TypeId,
    e: &Enum,
    name: &str,
    style: EnumStyle,
    text: &mut String,
) {
    let function = match style {
        EnumStyle::Flags => "debug_flags",
        EnumStyle::Newtype | EnumStyle::Enum => "debug_enum",
    };
    let mut names = String::new();
    for Enumerator { name, value } in &e.enumerators {
        if let Some(value) =
            value.and_then(|value| number::in_type(context.layouts.types, id, value))
        {
            let _ = write!(names, "({name:?}, {value}), ");
        }
    }
    let shown = name.trim_start_matches("r#");
    let _ = writeln!(
        text,
        "impl ::core::fmt::Debug for {name} {{ #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{ \
         ::cgo::generated::{function}(_cgo_f, {shown:?}, self.0 as ::core::primitive::i128, &[{names}]) }} }}"
    );
}

/// The operators of a set of bits.
fn write_operators(context: &Context<'_>, name: &str, text: &mut String) {
    let other = context.parameter("other");
    let _ = writeln!(
        text,
        "impl {name} {{\n\
         /// No flag.\n#[inline] pub const fn empty() -> Self {{ Self(0) }}\n\
         /// Whether no flag is set.\n#[inline] pub const fn is_empty(self) -> ::core::primitive::bool {{ self.0 == 0 }}\n\
         /// Whether all of these flags are set.\n#[inline] pub const fn contains(self, {other}: Self) -> ::core::primitive::bool {{ self.0 & {other}.0 == {other}.0 }}\n\
         /// Whether one of these flags is set.\n#[inline] pub const fn intersects(self, {other}: Self) -> ::core::primitive::bool {{ self.0 & {other}.0 != 0 }}\n\
         /// The flags of both.\n#[inline] pub const fn union(self, {other}: Self) -> Self {{ Self(self.0 | {other}.0) }}\n}}\n\
         impl ::core::ops::Not for {name} {{ type Output = Self; #[inline] fn not(self) -> Self {{ Self(!self.0) }} }}"
    );
    for (operator, method, sign) in [
        ("BitOr", "bitor", '|'),
        ("BitAnd", "bitand", '&'),
        ("BitXor", "bitxor", '^'),
    ] {
        let _ = writeln!(
            text,
            "impl ::core::ops::{operator} for {name} {{ type Output = Self; #[inline] fn {method}(self, {other}: Self) -> Self {{ Self(self.0 {sign} {other}.0) }} }}\n\
             impl ::core::ops::{operator}Assign for {name} {{ #[inline] fn {method}_assign(&mut self, {other}: Self) {{ self.0 = self.0 {sign} {other}.0 }} }}"
        );
    }
}
