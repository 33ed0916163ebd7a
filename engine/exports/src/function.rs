//! Reads an exported function: qualifiers, lifetimes, parameters, result.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{
    Error, FnArg, GenericArgument, GenericParam, PathArguments, ReceiverKind, Result, ReturnType,
    Safety, Signature, Token, Type, TypeReference,
};

use crate::item::cfgs;
use crate::{Binding, Form, Function, Item, Parameter};

/// The runtime has so many structs for results.
const MOST_PARTS: usize = 8;

/// Whether a function stands here, with words like `unsafe` and `extern "C"` before its `fn`.
pub(crate) fn starts(input: ParseStream<'_>) -> bool {
    let input = input.fork();
    loop {
        if input.peek(Token![fn]) {
            return true;
        }
        let is_qualifier = input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
            || input.peek(syn::LitStr);
        if !is_qualifier || input.parse::<TokenTree>().is_err() {
            return false;
        }
    }
}

pub(crate) fn parse(input: ParseStream<'_>) -> Result<(Ident, Item)> {
    let signature: Signature = input.parse()?;
    can_be_exported(&signature)?;
    let mut parameters = Vec::new();
    for parameter in &signature.inputs {
        parameters.push(read_parameter(parameter)?);
    }
    can_be_variadic(&signature)?;
    let result = match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, result) => Some((**result).clone()),
    };
    let result_form = match &result {
        None => Form::Plain,
        Some(result) => form_of_result(result)?,
    };
    let message =
        "an exported function needs a body; to call a function of C, declare it in `c_preamble!`";
    let place = input.span();
    let body = match input.parse::<TokenTree>() {
        Ok(TokenTree::Group(body)) => body,
        _ => return Err(Error::new(place, message)),
    };
    let function = Function {
        parameters,
        result,
        result_form,
        body,
        signature,
    };
    Ok((
        function.signature.ident.clone(),
        Item::Function(Box::new(function)),
    ))
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
    match &signature.output {
        ReturnType::Type(_, result) => no_impl_trait(result),
        ReturnType::Default => Ok(()),
    }
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

fn read_parameter(parameter: &FnArg) -> Result<Parameter> {
    let (attributes, binding, ctype) = match parameter {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Typed(_, ctype) => (
                &receiver.attrs,
                Binding::Receiver(receiver.clone()),
                &**ctype,
            ),
            _ => {
                return Err(Error::new(
                    receiver.span(),
                    "say the type of `self`, which C has to pass: `self: &Counter`",
                ));
            }
        },
        FnArg::Typed(typed) => (
            &typed.attrs,
            Binding::Pattern((*typed.pat).clone()),
            &*typed.ty,
        ),
    };
    no_impl_trait(ctype)?;
    if let Type::Tuple(tuple) = ctype
        && tuple.elems.len() > 1
    {
        return Err(Error::new(
            tuple.span(),
            "C has no tuples as parameters: take the parts one by one, or a `#[repr(C)]` struct",
        ));
    }
    Ok(Parameter {
        cfgs: cfgs(attributes),
        binding,
        form: form(ctype),
        ctype: ctype.clone(),
    })
}

fn form_of_result(result: &Type) -> Result<Form> {
    Ok(match result {
        Type::Tuple(tuple) if tuple.elems.len() > MOST_PARTS => {
            return Err(Error::new(
                tuple.span(),
                "C gets a tuple of up to 8 parts: return a `#[repr(C)]` struct",
            ));
        }
        Type::Tuple(tuple) if tuple.elems.len() > 1 => Form::Tuple(tuple.elems.len()),
        // Rust makes only values.
        other => match form(other) {
            Form::Looked => Form::Plain,
            form => form,
        },
    })
}

/// How a parameter of this type crosses.
fn form(ctype: &Type) -> Form {
    match ctype {
        Type::Group(group) => form(&group.elem),
        Type::Paren(paren) => form(&paren.elem),
        Type::Reference(reference) => text_or_bytes(reference).unwrap_or(Form::Looked),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return Form::Looked;
            };
            let name = last.ident.to_string();
            match (name.as_str(), only_type(&last.arguments)) {
                ("Option", Some(inner)) => match form(inner) {
                    Form::CStr => Form::OptionalCStr,
                    Form::Plain => Form::Plain,
                    _ => Form::Looked,
                },
                (name, None) if is_plain(name) => Form::Plain,
                // An integer, whatever it stands for.
                ("Handle", Some(_)) => Form::Plain,
                _ => Form::Looked,
            }
        }
        // What a raw pointer or a function leads to, nobody takes for a value without `unsafe`.
        _ => Form::Plain,
    }
}

fn text_or_bytes(reference: &TypeReference) -> Option<Form> {
    if reference.mutability.is_some() {
        return None;
    }
    match &*reference.elem {
        Type::Path(path) => {
            let name = path.path.segments.last()?.ident.to_string();
            match name.as_str() {
                "CStr" => Some(Form::CStr),
                "str" => Some(Form::Str),
                _ => None,
            }
        }
        Type::Slice(slice) => match &*slice.elem {
            Type::Path(path) if path.path.is_ident("u8") => Some(Form::Bytes),
            _ => None,
        },
        _ => None,
    }
}

/// The one type in angle brackets.
fn only_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    types.next().filter(|_| types.next().is_none())
}

const PLAIN: [&str; 15] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32",
    "f64", "bool",
];

/// Behind `c_`.
const PLAIN_IN_FFI: [&str; 13] = [
    "char",
    "schar",
    "uchar",
    "short",
    "ushort",
    "int",
    "uint",
    "long",
    "ulong",
    "longlong",
    "ulonglong",
    "float",
    "double",
];

/// The language's own types and those of `core::ffi`, which take whatever C passes.
fn is_plain(name: &str) -> bool {
    match name.strip_prefix("c_") {
        Some(name) => PLAIN_IN_FFI.contains(&name),
        None => PLAIN.contains(&name),
    }
}
