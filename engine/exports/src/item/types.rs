//! Looks into a type as it is written.

use syn::{GenericArgument, PathArguments, Type};

/// A type without the brackets around it.
pub(crate) fn bare(ctype: &Type) -> &Type {
    match ctype {
        Type::Paren(paren) => bare(&paren.elem),
        Type::Group(group) => bare(&group.elem),
        _ => ctype,
    }
}

/// The types in the angle brackets of a path's last word.
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
