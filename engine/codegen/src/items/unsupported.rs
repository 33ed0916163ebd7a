//! Writes a placeholder for each name that is not bound, so that rustc says why where it is used.

use std::fmt::Write;

use cgo_csyntax::message::Message;
use cgo_csyntax::selection::LeftOut;

use crate::context::Context;
use crate::items::output::NameSpaces;
use crate::names::identifiers::{foreign_name, identifier};

/// Types and traits that Rust has everywhere. `use C::*` would hide them behind a type of the module.
#[rustfmt::skip]
const OF_RUST: [&str; 44] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8", "usize",
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "Drop", "Eq", "Extend", "Fn", "FnMut", "FnOnce", "From", "Hash",
    "Into", "Iterator", "Option", "Ord", "Result", "Send", "Sized", "String", "Sync", "ToString", "Unpin", "Vec",
];

/// Writes those of the names that the crate uses.
pub(crate) fn write(
    context: &Context<'_>,
    left_out: &[LeftOut],
    name_spaces: &mut NameSpaces,
    text: &mut String,
) {
    for left_out in left_out {
        let LeftOut {
            name,
            reason,
            is_value,
        } = left_out;
        if !(context.input.is_used)(name) {
            continue;
        }
        let rust = identifier(name);
        let is_free = !name_spaces.values.contains(&rust) && !name_spaces.types.contains(&rust);
        if *is_value && is_free && (context.input.is_of_module)(name) {
            write_gated_constant(&rust, name, reason, text);
            continue;
        }
        let is_free_value = name_spaces.values.insert(rust.clone());
        let is_free_type = !OF_RUST.contains(&&*rust) && name_spaces.types.insert(rust);
        if is_free_value || is_free_type {
            write_trait(name, reason, text);
        }
        if is_free_value {
            write_function(name, text);
        }
        if is_free_type {
            write_struct(name, text);
        }
    }
}

/// Writes a constant that no feature brings. rustc says so where a path leads to it, and nothing about what is done with the value: one
/// error, where a function would have the wrong type too. Behind `use C::*` rustc would not find it. It is one line: rustc 1.88 writes
/// the end of a line as `\n`.
fn write_gated_constant(rust: &str, name: &str, reason: &Message, text: &mut String) {
    let feature = message(name, reason).replace('\n', "; ");
    let _ = writeln!(
        text,
        "#[cfg(feature = {feature:?})] pub const {rust}: () = ();"
    );
}

fn message(name: &str, reason: &Message) -> String {
    format!("`{name}` of C is not bound: {reason}")
}

/// Writes a trait that nothing fulfils, so that rustc reports its message.
///
/// It has an implementation, on a type that nobody asks about, because rustc otherwise advises to write one. There is no label, because
/// rustc would add a line of help beside it.
fn write_trait(name: &str, reason: &Message, text: &mut String) {
    // In this attribute braces are placeholders.
    let message = message(name, reason).replace('{', "{{").replace('}', "}}");
    let name = bound(name);
    let _ = writeln!(
        text,
        "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {message:?})]\n\
         pub trait {name} {{}}\n\
         #[diagnostic::do_not_recommend] impl {name} for ::core::primitive::u8 {{}}"
    );
}

fn bound(name: &str) -> String {
    format!("_cgo_bound_{}", identifier(name).trim_start_matches("r#"))
}

/// Writes a function that requires the trait. It returns `!`, which fits every type: rustc reports one error. An associated type of the trait
/// would fit too, without warnings about unreachable code, but makes the lint `improper_ctypes` of rustc 1.95 panic.
fn write_function(name: &str, text: &mut String) {
    let rust = identifier(name);
    let function = foreign_name(&rust);
    let _ = writeln!(
        text,
        "unsafe extern \"C\" {{ #[doc(hidden)] pub safe fn {function}<'a>(...) -> ! where &'a (): {}; }}",
        bound(name)
    );
    if function != rust {
        let _ = writeln!(text, "#[doc(hidden)] pub use self::{function} as {rust};");
    }
}

/// Writes a type that requires the trait where it is used. rustc checks a default type where it is written, but not one that depends on
/// another.
fn write_struct(name: &str, text: &mut String) {
    let _ = writeln!(
        text,
        "#[doc(hidden)] #[allow(non_camel_case_types)] pub struct {}<A = (), B = (A,)> where B: {} {{ _cgo: ::core::marker::PhantomData<(A, B)> }}",
        identifier(name),
        bound(name)
    );
}
