//! Helps to take types apart.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// A type without parentheses around it.
pub(crate) fn bare(ctype: &Type) -> &Type {
    match ctype {
        Type::Paren(paren) => bare(&paren.elem),
        Type::Group(group) => bare(&group.elem),
        _ => ctype,
    }
}

/// The type arguments of the last segment of a path.
pub(crate) fn arguments(ctype: &Type) -> Vec<&Type> {
    let Type::Path(path) = ctype else {
        return Vec::new();
    };
    let Some(PathArguments::AngleBracketed(list)) =
        path.path.segments.last().map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    types.collect()
}

/// Whether a type is a path that ends in this name.
pub(crate) fn is_named(ctype: &Type, name: &str) -> bool {
    match bare(ctype) {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == name)
        }
        _ => false,
    }
}

/// `()` and `!`.
pub(crate) fn is_nothing(ctype: &Type) -> bool {
    match bare(ctype) {
        Type::Never(_) => true,
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        _ => false,
    }
}

/// Visits a type, and then the types in it.
pub(super) fn each_type<'t>(ctype: &'t Type, visit: &mut dyn FnMut(&'t Type)) {
    visit(ctype);
    match ctype {
        Type::Array(array) => each_type(&array.elem, visit),
        Type::Group(group) => each_type(&group.elem, visit),
        Type::Paren(paren) => each_type(&paren.elem, visit),
        Type::Ptr(pointer) => each_type(&pointer.elem, visit),
        Type::Reference(reference) => each_type(&reference.elem, visit),
        Type::Slice(slice) => each_type(&slice.elem, visit),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|part| each_type(part, visit)),
        Type::FnPtr(function) => {
            let parameters = function.inputs.iter();
            parameters.for_each(|parameter| each_type(&parameter.ty, visit));
            if let ReturnType::Type(_, result) = &function.output {
                each_type(result, visit);
            }
        }
        Type::Path(path) => {
            let arguments = path.path.segments.iter().map(|segment| &segment.arguments);
            for arguments in arguments {
                if let PathArguments::AngleBracketed(arguments) = arguments {
                    for argument in &arguments.args {
                        if let GenericArgument::Type(inner) = argument {
                            each_type(inner, visit);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}
