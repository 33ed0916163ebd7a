//! Reads an exported function: qualifiers, lifetimes, parameters, result.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, ReceiverKind, Result, ReturnType, Safety, Signature, Type};

use super::export::{Function, Item};

/// The runtime has so many structs for results.
const MOST_PARTS: usize = 8;

pub(super) fn parse(input: ParseStream<'_>) -> Result<(Ident, Item)> {
    let signature: Signature = input.parse()?;
    can_be_exported(&signature)?;
    for parameter in &signature.inputs {
        can_be_passed(parameter)?;
    }
    can_be_variadic(&signature)?;
    if let ReturnType::Type(_, result) = &signature.output {
        can_be_returned(result)?;
    }
    let message =
        "an exported function needs a body; to call a function of C, declare it in `c_preamble!`";
    let place = input.span();
    let body = match input.parse::<TokenTree>() {
        Ok(TokenTree::Group(body)) => body,
        _ => return Err(Error::new(place, message)),
    };
    let name = signature.ident.clone();
    let function = Function { signature, body };
    Ok((name, Item::Function(Box::new(function))))
}

fn can_be_exported(signature: &Signature) -> Result<()> {
    let refuse = |place: &dyn Spanned, message: &str| Err(Error::new(place.span(), message));
    if let Some(word) = &signature.constness {
        let message = "leave `const` out: C calls this function when the program runs";
        return refuse(word, message);
    }
    if let Some(word) = &signature.asyncness {
        let message = "C cannot await an `async` function: export a plain one that runs the future to its end";
        return refuse(word, message);
    }
    let abi = signature.abi.as_ref().and_then(|abi| abi.name.as_ref());
    if let Some(name) = abi.filter(|name| name.value() != "C") {
        let message =
            "an exported function is `extern \"C\"`; for \"C-unwind\" write #[export_c(unwind)]";
        return refuse(name, message);
    }
    let mut generics = signature.generics.params.iter();
    if let Some(generic) = generics.find(|generic| !matches!(generic, GenericParam::Lifetime(_))) {
        let message = "C knows no generics: export one function for each type";
        return refuse(generic, message);
    }
    Ok(())
}

fn no_impl_trait(ctype: &Type) -> Result<()> {
    match find_impl(ctype.to_token_stream()) {
        Some(place) => Err(Error::new(
            place,
            "C knows no generics: name one type instead of `impl`",
        )),
        None => Ok(()),
    }
}

fn find_impl(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) => (word == "impl").then(|| word.span()),
        TokenTree::Group(group) => find_impl(group.stream()),
        _ => None,
    })
}

/// What Rust and C ask of a function with `...`.
fn can_be_variadic(signature: &Signature) -> Result<()> {
    let Some(variadic) = &signature.variadic else {
        return Ok(());
    };
    let message = if !variadic.attrs.is_empty() {
        "C always sees the `...`: leave its attributes out"
    } else if variadic.pat.is_none() {
        "name what `...` stands for: `args: ...`"
    } else if signature.inputs.is_empty() {
        "C wants a parameter before `...`, as in `count: c_int, args: ...`"
    } else if !matches!(signature.safety, Safety::Unsafe(_)) {
        "whoever calls a function with `...` vouches for what is passed there: make it an `unsafe fn`"
    } else {
        return Ok(());
    };
    Err(Error::new(variadic.span(), message))
}

fn can_be_passed(parameter: &FnArg) -> Result<()> {
    let ctype = match parameter {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Typed(_, ctype) => ctype,
            _ => {
                let message = "say the type of `self`, which C has to pass: `self: &Counter`";
                return Err(Error::new(receiver.span(), message));
            }
        },
        FnArg::Typed(typed) => &typed.ty,
    };
    no_impl_trait(ctype)?;
    match &**ctype {
        Type::Tuple(tuple) if tuple.elems.len() > 1 => Err(Error::new(
            tuple.span(),
            "C has no tuples as parameters: take the parts one by one, or a `#[repr(C)]` struct",
        )),
        _ => Ok(()),
    }
}

fn can_be_returned(result: &Type) -> Result<()> {
    no_impl_trait(result)?;
    match result {
        Type::Tuple(tuple) if tuple.elems.len() > MOST_PARTS => Err(Error::new(
            tuple.span(),
            "C gets a tuple of up to 8 parts: return a `#[repr(C)]` struct",
        )),
        _ => Ok(()),
    }
}
