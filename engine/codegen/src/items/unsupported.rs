//! Writes the names that are left out, so that a use of one says why.

use std::fmt::Write;

use crate::names::in_rust::{foreign, identifier};

/// A function that nothing may call, whatever it is given: it asks for a trait that nobody has, and rustc tells of that in
/// the words that the trait brings along. Its result
/// goes with any type, so that rustc complains once.
pub(crate) fn write(code: &mut String, name: &str, reason: &str) {
    // In these words braces stand for types.
    let message = format!("`{name}` of C is not bound: {reason}")
        .replace('{', "{{")
        .replace('}', "}}");
    let rust = identifier(name);
    let function = foreign(&rust);
    let name = rust.trim_start_matches("r#");
    let _ = writeln!(
        code,
        "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {message:?}, label = \"not bound\")]\n\
         pub trait Unbound_{name} {{}}\n\
         unsafe extern \"C\" {{ #[doc(hidden)] pub safe fn {function}<'a>(...) -> ! where &'a (): Unbound_{name}; }}"
    );
    if function != rust {
        let _ = writeln!(code, "#[doc(hidden)] pub use self::{function} as {rust};");
    }
}
