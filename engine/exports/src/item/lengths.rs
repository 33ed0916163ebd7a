//! The numbers that types are written with, the lengths of arrays: the header says them in C, and Rust compares them.

use syn::{Attribute, Expr, GenericArgument, PathArguments, ReturnType, Type};

use super::export::{Export, Item};

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
    let mut values = Vec::new();
    collect(ctype, &mut values);
    for value in values {
        let cfgs = cfgs.to_vec();
        lengths.push(Length { cfgs, value });
    }
}

/// An array's length comes before those of its elements.
fn collect<'e>(ctype: &'e Type, values: &mut Vec<&'e Expr>) {
    match ctype {
        Type::Array(array) => {
            values.push(&array.len);
            collect(&array.elem, values);
        }
        Type::Group(group) => collect(&group.elem, values),
        Type::Paren(paren) => collect(&paren.elem, values),
        Type::Ptr(pointer) => collect(&pointer.elem, values),
        Type::Reference(reference) => collect(&reference.elem, values),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|part| collect(part, values)),
        Type::FnPtr(function) => {
            let parameters = function.inputs.iter();
            parameters.for_each(|parameter| collect(&parameter.ty, values));
            if let ReturnType::Type(_, result) = &function.output {
                collect(result, values);
            }
        }
        Type::Path(path) => {
            let arguments = path.path.segments.iter().map(|segment| &segment.arguments);
            for arguments in arguments {
                if let PathArguments::AngleBracketed(arguments) = arguments {
                    for argument in &arguments.args {
                        if let GenericArgument::Type(inner) = argument {
                            collect(inner, values);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}
