//! Writes a placeholder for each name that is left out, so that a use of one says why.

use std::fmt::Write;

use crate::names::in_rust::{foreign, identifier};

/// A function that requires a trait which its use cannot fulfil, so that rustc reports the message of the trait. The function
/// returns `!`, which fits every type: rustc complains once.
///
/// The trait has an implementation, on a type that nobody asks about, because rustc otherwise advises to write one. There is no
/// label, because rustc would add a line of help beside it.
pub(crate) fn write(code: &mut String, name: &str, reason: &str) {
    // In this attribute braces are placeholders.
    let message = format!("`{name}` of C is not bound: {reason}")
        .replace('{', "{{")
        .replace('}', "}}");
    let rust = identifier(name);
    let function = foreign(&rust);
    let name = rust.trim_start_matches("r#");
    let _ = writeln!(
        code,
        "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {message:?})]\n\
         pub trait _cgo_bound_{name} {{}}\n\
         #[diagnostic::do_not_recommend] impl _cgo_bound_{name} for u8 {{}}\n\
         unsafe extern \"C\" {{ #[doc(hidden)] pub safe fn {function}<'a>(...) -> ! where &'a (): _cgo_bound_{name}; }}"
    );
    if function != rust {
        let _ = writeln!(code, "#[doc(hidden)] pub use self::{function} as {rust};");
    }
}
