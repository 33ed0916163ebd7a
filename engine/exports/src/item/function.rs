//! Reads an exported function.

use proc_macro2::{Ident, TokenTree};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, ReceiverKind, Result, ReturnType, Safety, Signature, Type};

use super::export::{ExportedFunction, Item};
use super::form::{Form, form};
use super::rejected_type;
use super::types::bare;

/// The runtime has structs for tuples of up to so many parts.
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
    let message = "an exported function needs a body\n\
                   help: to call a function of C, declare it in `c_preamble!`";
    let place = input.span();
    let body = match input.parse::<TokenTree>() {
        Ok(TokenTree::Group(body)) => body,
        _ => return Err(Error::new(place, message)),
    };
    let name = signature.ident.clone();
    let function = ExportedFunction { signature, body };
    Ok((name, Item::Function(Box::new(function))))
}

fn can_be_exported(signature: &Signature) -> Result<()> {
    let reject = |place: &dyn Spanned, message: &str| Err(Error::new(place.span(), message));
    if let Some(word) = &signature.constness {
        let message = "a `const fn` cannot be exported to C\nhelp: remove `const`";
        return reject(word, message);
    }
    if let Some(word) = &signature.asyncness {
        let message = "an `async fn` cannot be exported to C\nhelp: export a function that runs the future to its end";
        return reject(word, message);
    }
    let abi = signature.abi.as_ref().and_then(|abi| abi.name.as_ref());
    if let Some(name) = abi.filter(|name| name.value() != "C") {
        let message = "an exported function cannot have this ABI\n\
                       help: remove it; for \"C-unwind\", write `#[export_c(unwind)]`";
        return reject(name, message);
    }
    let mut generics = signature.generics.params.iter();
    if let Some(generic) = generics.find(|generic| !matches!(generic, GenericParam::Lifetime(_))) {
        let message =
            "a generic function cannot be exported to C\nhelp: export one function for each type";
        return reject(generic, message);
    }
    Ok(())
}

/// Fails if a function with `...` cannot be exported.
fn can_be_variadic(signature: &Signature) -> Result<()> {
    let Some(variadic) = &signature.variadic else {
        return Ok(());
    };
    let message = if !variadic.attrs.is_empty() {
        "`...` cannot have attributes in an exported function\nhelp: remove them"
    } else if variadic.pat.is_none() {
        "`...` needs a name in an exported function\nhelp: write `args: ...`"
    } else if signature.inputs.is_empty() {
        "a function with `...` needs a parameter before it\nhelp: add one: `count: c_int, args: ...`"
    } else if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        let message = "a function with `...` cannot take `self`\nhelp: give the parameter another name: `this: &mut Counter`";
        return Err(Error::new(receiver.self_token.span(), message));
    } else if !matches!(signature.safety, Safety::Unsafe(_)) {
        "a function with `...` must be unsafe, since nothing checks the arguments\nhelp: write `unsafe fn`"
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
                let message =
                    "`self` needs a type in an exported function\nhelp: write it: `self: &Counter`";
                return Err(Error::new(receiver.span(), message));
            }
        },
        FnArg::Typed(typed) => &typed.ty,
    };
    can_cross(ctype)?;
    let message = match bare(ctype) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => {
            "C has no parameter of the type `()`\nhelp: remove it"
        }
        Type::Tuple(tuple) if tuple.elems.len() > 1 => {
            "C cannot pass a tuple\nhelp: take the parts one by one, or a `#[repr(C)]` struct"
        }
        _ => return Ok(()),
    };
    Err(Error::new(ctype.span(), message))
}

fn can_cross(ctype: &Type) -> Result<()> {
    rejected_type::check(ctype)?;
    match form(ctype) {
        Form::CStr | Form::OptionalCStr | Form::Str | Form::Bytes => Ok(()),
        Form::Plain | Form::Checked | Form::Tuple(_) => rejected_type::check_address(ctype),
    }
}

fn can_be_returned(result: &Type) -> Result<()> {
    can_cross(result)?;
    match bare(result) {
        Type::Tuple(tuple) if tuple.elems.len() > MOST_PARTS => Err(Error::new(
            tuple.span(),
            "a tuple of more than 8 parts cannot be returned to C\nhelp: return a `#[repr(C)]` struct",
        )),
        _ => Ok(()),
    }
}
