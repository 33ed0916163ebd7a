//! The numbers that types are written with, the lengths of arrays: the header says them in C, and Rust compares them.

use syn::{Attribute, Expr, Type};

use super::export::{Export, Item};
use super::types::each_type;

/// The length of an array in the types of an item.
pub struct Length<'e> {
    /// The `cfg`s of the parameter or the field that it stands in.
    pub cfgs: Vec<&'e Attribute>,
    /// The expression.
    pub value: &'e Expr,
}

/// The lengths that are written in an item, in order; those behind an alias are not.
pub fn lengths(export: &Export) -> Vec<Length<'_>> {
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
    // An array's length comes before those of its elements.
    each_type(ctype, &mut |ctype| {
        if let Type::Array(array) = ctype {
            lengths.push(Length {
                cfgs: cfgs.to_vec(),
                value: &array.len,
            });
        }
    });
}
