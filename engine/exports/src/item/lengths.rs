//! Finds the lengths of arrays in types: the header has them as numbers, and rustc compares them.

use syn::{Attribute, Expr, Type};

use super::export::{Export, Item};
use super::types::each_type;

/// The length of an array.
pub(crate) struct Length<'e> {
    /// The `cfg`s of its parameter or field.
    pub(crate) cfgs: Vec<&'e Attribute>,
    /// The expression.
    pub(crate) value: &'e Expr,
}

/// The lengths in the types of an item, in order, without those behind aliases.
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
        if let Type::Array(array) = ctype {
            lengths.push(Length {
                cfgs: cfgs.to_vec(),
                value: &array.len,
            });
        }
    });
}
