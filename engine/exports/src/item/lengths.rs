//! Finds the lengths of arrays in types: the header has them as numbers, and rustc compares them.

use syn::{Attribute, Expr, Type};

use super::export::{Export, Item};
use super::form::{Form, form};
use super::types::{arguments, each_type};

/// A number that rustc compares.
pub(crate) struct Length<'e> {
    /// The `cfg`s of its parameter or field.
    pub(crate) cfgs: Vec<&'e Attribute>,
    pub(crate) of: LengthOf<'e>,
}

/// Where the lengths of arrays stand.
pub(crate) enum LengthOf<'e> {
    /// In the type itself.
    Written(&'e Expr),
    /// Behind this name, if it is that of an alias.
    Named(&'e Type),
}

/// The lengths in the types of an item, in order.
pub(crate) fn lengths(export: &Export) -> Vec<Length<'_>> {
    let mut lengths = Vec::new();
    match &export.item {
        Item::Function(function) => {
            for parameter in function.parameters() {
                add(&parameter.cfgs, parameter.ctype, &mut lengths);
            }
            if let Some(result) = function.result() {
                add(&[], result, &mut lengths);
            }
        }
        Item::Static(variable) => add(&[], &variable.ctype, &mut lengths),
        Item::Record(record) => {
            for field in &record.fields {
                let cfgs: Vec<&Attribute> = field.cfgs.iter().collect();
                add(&cfgs, &field.ctype, &mut lengths);
            }
        }
        Item::Enumeration(_) => {}
    }
    lengths
}

fn add<'e>(cfgs: &[&'e Attribute], ctype: &'e Type, lengths: &mut Vec<Length<'e>>) {
    // The length of an array comes before those of its elements.
    each_type(ctype, &mut |ctype| {
        let of = match ctype {
            Type::Array(array) => LengthOf::Written(&array.len),
            Type::Path(_) if may_be_alias(ctype) => LengthOf::Named(ctype),
            _ => return,
        };
        let cfgs = cfgs.to_vec();
        lengths.push(Length { cfgs, of });
    });
}

/// Not if it has the name of a plain number, or type arguments.
fn may_be_alias(ctype: &Type) -> bool {
    arguments(ctype).is_empty() && !matches!(form(ctype), Form::Plain)
}
