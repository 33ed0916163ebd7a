//! The names that cgo has for C's own types, such as `C::uint`.

use std::fmt::Write;

use crate::context::Context;
use crate::items::output::{Items, NameSpaces};
use crate::items::sizes;

/// Each name with the Rust type.
const CGO_TYPES: [(&str, &str); 22] = [
    ("char", "::core::ffi::c_char"),
    ("schar", "::core::ffi::c_schar"),
    ("uchar", "::core::ffi::c_uchar"),
    ("short", "::core::ffi::c_short"),
    ("ushort", "::core::ffi::c_ushort"),
    ("int", "::core::ffi::c_int"),
    ("uint", "::core::ffi::c_uint"),
    ("long", "::core::ffi::c_long"),
    ("ulong", "::core::ffi::c_ulong"),
    ("longlong", "::core::ffi::c_longlong"),
    ("ulonglong", "::core::ffi::c_ulonglong"),
    ("float", "::core::ffi::c_float"),
    ("double", "::core::ffi::c_double"),
    // C's own words.
    ("unsigned", "::core::ffi::c_uint"),
    ("signed", "::core::ffi::c_int"),
    ("_Bool", "::core::primitive::bool"),
    ("size_t", "::core::primitive::usize"),
    ("complexfloat", "::cgo::Complex<::core::primitive::f32>"),
    ("complexdouble", "::cgo::Complex<::core::primitive::f64>"),
    ("void", "::core::ffi::c_void"),
    // The compilers have these without a declaration.
    ("__int128_t", "::core::primitive::i128"),
    ("__uint128_t", "::core::primitive::u128"),
];

/// Whether this is one of cgo's names for C's own types.
pub fn is_cgo_type(name: &str) -> bool {
    CGO_TYPES.iter().any(|(known, _)| *known == name)
}

/// Writes those that the crate uses and C does not declare itself, and their sizes.
pub(crate) fn write(context: &Context<'_>, name_spaces: &mut NameSpaces, out: &mut Items) {
    let is_path = context.input.is_path;
    for (name, rust) in CGO_TYPES {
        if name_spaces.types.contains(name) {
            continue;
        }
        if is_path(&format!("sizeof_{name}")) {
            let value = format!("::core::mem::size_of::<{rust}>()");
            sizes::constant(name, &value, name_spaces, &mut out.text);
        }
        if is_path(name) {
            name_spaces.types.insert(name.to_string());
            let _ = writeln!(
                out.text,
                "/// C's type, under cgo's name.\npub type {name} = {rust};"
            );
        }
    }
}
