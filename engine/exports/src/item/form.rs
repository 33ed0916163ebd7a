//! Decides how a value crosses between C and Rust, by the type as it is written.

use syn::{Type, TypeReference};

use super::types::arguments;

/// How a value crosses between C and Rust.
#[derive(Clone, Copy)]
pub enum Form {
    /// As it is: a number, a pointer.
    Plain,
    /// As it is, but C may have put there, or behind it, what is no value in Rust, such as a number that no variant of an enum has.
    Looked,
    /// `&CStr`, a `const char *`.
    CStr,
    /// `Option<&CStr>`, the same with null for `None`.
    OptionalCStr,
    /// `&str`, a `cgo_str`.
    Str,
    /// `&[u8]`, a `cgo_bytes`.
    Bytes,
    /// A tuple, a `struct NAME_return`, of so many.
    Tuple(usize),
}

/// How a result of this type crosses.
pub(super) fn form_of_result(result: &Type) -> Form {
    match result {
        Type::Tuple(tuple) if tuple.elems.len() > 1 => Form::Tuple(tuple.elems.len()),
        // Rust makes only values.
        other => match form(other) {
            Form::Looked => Form::Plain,
            form => form,
        },
    }
}

/// How a parameter of this type crosses.
pub(super) fn form(ctype: &Type) -> Form {
    match ctype {
        Type::Group(group) => form(&group.elem),
        Type::Paren(paren) => form(&paren.elem),
        Type::Reference(reference) => text_or_bytes(reference).unwrap_or(Form::Looked),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return Form::Looked;
            };
            let name = last.ident.to_string();
            match (name.as_str(), &arguments(ctype)[..]) {
                ("Option", [inner]) => match form(inner) {
                    Form::CStr => Form::OptionalCStr,
                    Form::Plain => Form::Plain,
                    _ => Form::Looked,
                },
                (name, []) if is_plain(name) => Form::Plain,
                // An integer, whatever it stands for.
                ("Handle", [_]) => Form::Plain,
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
