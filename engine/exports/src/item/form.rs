//! Decides from the text of a type how a value crosses between C and Rust.

use syn::{Type, TypeReference};

use super::types::{arguments, bare, is_named};

/// How a value crosses between C and Rust.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Unchanged: a number or a pointer.
    Plain,
    /// Unchanged, but checked: C may pass what is not valid in Rust, such as a number that no variant of an enum has.
    Checked,
    /// `&CStr`, a `const char *`.
    CStr,
    /// `Option<&CStr>`, the same with null for `None`.
    OptionalCStr,
    /// `&str`, a `cgo_str`.
    Str,
    /// `&[u8]`, a `cgo_bytes`.
    Bytes,
    /// A tuple of so many parts, a `struct NAME_return`.
    Tuple(usize),
}

/// How a result of this type crosses.
pub(super) fn form_of_result(result: &Type) -> Form {
    match result {
        Type::Tuple(tuple) if tuple.elems.len() > 1 => Form::Tuple(tuple.elems.len()),
        // Rust returns only valid values.
        other => match form(other) {
            Form::Checked => Form::Plain,
            form => form,
        },
    }
}

/// How a parameter of this type crosses.
pub(crate) fn form(ctype: &Type) -> Form {
    match ctype {
        Type::Group(group) => form(&group.elem),
        Type::Paren(paren) => form(&paren.elem),
        Type::Reference(reference) => text_or_bytes(reference).unwrap_or(Form::Checked),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return Form::Checked;
            };
            let name = last.ident.to_string();
            match (name.as_str(), &arguments(ctype)[..]) {
                ("Option", [inner]) => match form(inner) {
                    Form::CStr => Form::OptionalCStr,
                    Form::Plain => Form::Plain,
                    _ => Form::Checked,
                },
                (name, []) if is_plain(name) => Form::Plain,
                // It is an integer.
                ("Handle" | "LocalHandle", [_]) => Form::Plain,
                _ => Form::Checked,
            }
        }
        // Only `unsafe` code reads through a raw pointer.
        _ => Form::Plain,
    }
}

fn text_or_bytes(reference: &TypeReference) -> Option<Form> {
    if reference.mutability.is_some() {
        return None;
    }
    match bare(&reference.elem) {
        Type::Path(path) => {
            let name = path.path.segments.last()?.ident.to_string();
            match name.as_str() {
                "CStr" => Some(Form::CStr),
                "str" => Some(Form::Str),
                _ => None,
            }
        }
        Type::Slice(slice) => match &*slice.elem {
            // The gateway's code does not compile if it is another type.
            element if is_named(element, "u8") || is_named(element, "c_uchar") => Some(Form::Bytes),
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

/// Primitive types and those of `core::ffi` for which every bit pattern of C is valid.
fn is_plain(name: &str) -> bool {
    match name.strip_prefix("c_") {
        Some(name) => PLAIN_IN_FFI.contains(&name),
        None => PLAIN.contains(&name),
    }
}
