//! Rejects types that C cannot have, as far as their text tells.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Error, Result, Type, TypeFnPtr};

use super::types::{arguments, bare, each_type, is_named};

/// Fails if C cannot have this type.
pub(super) fn check(ctype: &Type) -> Result<()> {
    let mut result = Ok(());
    each_type(ctype, &mut |inner| {
        if let Type::ImplTrait(generic) = inner {
            let message = "`impl Trait` cannot be exported to C\nhelp: name one type";
            result = Err(Error::new(generic.impl_token.span, message));
        }
    });
    result?;
    let Some(function) = function_pointer(ctype) else {
        return Ok(());
    };
    let signature = TokenStream::from_iter([
        function.inputs.to_token_stream(),
        function.output.to_token_stream(),
    ]);
    match lifetime(signature) {
        Some(place) => Err(Error::new(
            place,
            "a function pointer with references or lifetimes cannot be exported to C\n\
             help: write a raw pointer instead of a reference: `*const T` or `*mut T`",
        )),
        None => Ok(()),
    }
}

/// Fails if it is a pointer that holds more than an address.
pub(super) fn check_address(ctype: &Type) -> Result<()> {
    let target = match bare(ctype) {
        Type::Reference(reference) => &reference.elem,
        Type::Ptr(pointer) => &pointer.elem,
        Type::Array(array) => return check_address(&array.elem),
        Type::Tuple(tuple) => return tuple.elems.iter().try_for_each(check_address),
        ctype if is_named(ctype, "Option") => {
            return arguments(ctype).into_iter().try_for_each(check_address);
        }
        ctype if is_named(ctype, "Box") || is_named(ctype, "NonNull") => match arguments(ctype)[..]
        {
            [target] => target,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    let message = match bare(target) {
        Type::TraitObject(_) => {
            "a pointer to a trait object carries a table of functions, which a pointer in C does not\n\
             help: point to the pointer: `Box<Box<dyn Trait>>` or `&Box<dyn Trait>`"
        }
        target
            if matches!(target, Type::Slice(_))
                || is_named(target, "str")
                || is_named(target, "CStr") =>
        {
            "a pointer to a slice or a string carries a length, which a pointer in C does not\n\
             help: `&[u8]`, `&str`, `&CStr` and `Option<&CStr>` can be parameters and results; for anything else pass a pointer and a length"
        }
        _ => return Ok(()),
    };
    Err(Error::new(target.span(), message))
}

/// The function pointer in a type, which may be in an `Option`, an array or a tuple.
fn function_pointer(ctype: &Type) -> Option<&TypeFnPtr> {
    match bare(ctype) {
        Type::FnPtr(function) => Some(function),
        Type::Array(array) => function_pointer(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(function_pointer),
        ctype if is_named(ctype, "Option") => {
            arguments(ctype).into_iter().find_map(function_pointer)
        }
        _ => None,
    }
}

/// The place of the first reference or lifetime.
fn lifetime(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Punct(sign) => matches!(sign.as_char(), '&' | '\'').then(|| sign.span()),
        TokenTree::Group(group) => lifetime(group.stream()),
        _ => None,
    })
}
