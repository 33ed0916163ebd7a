//! Writes a placeholder for each name that is not bound, so that rustc says why where it is used.

use std::fmt::Write;

use cgo_csyntax::selection::LeftOut;

use crate::context::Context;
use crate::items::output::NameSpaces;
use crate::names::identifiers::{foreign_name, identifier};

/// Writes those of the names that the crate uses.
pub(crate) fn write(
    context: &Context<'_>,
    left_out: &[LeftOut],
    name_spaces: &mut NameSpaces,
    text: &mut String,
) {
    for LeftOut { name, reason } in left_out {
        if (context.input.is_used)(name) && name_spaces.values.insert(identifier(name)) {
            write_name(name, reason, text);
        }
    }
}

/// Writes a function that requires a trait which its use cannot fulfil, so that rustc reports the message of the trait. The function
/// returns `!`, which fits every type: rustc reports one error.
///
/// The trait has an implementation, on a type that nobody asks about, because rustc otherwise advises to write one. There is no label,
/// because rustc would add a line of help beside it.
fn write_name(name: &str, reason: &str, text: &mut String) {
    // In this attribute braces are placeholders.
    let message = format!("`{name}` of C is not bound: {reason}")
        .replace('{', "{{")
        .replace('}', "}}");
    let rust = identifier(name);
    let function = foreign_name(&rust);
    let name = rust.trim_start_matches("r#");
    let _ = writeln!(
        text,
        "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {message:?})]\n\
         pub trait _cgo_bound_{name} {{}}\n\
         #[diagnostic::do_not_recommend] impl _cgo_bound_{name} for u8 {{}}\n\
         unsafe extern \"C\" {{ #[doc(hidden)] pub safe fn {function}<'a>(...) -> ! where &'a (): _cgo_bound_{name}; }}"
    );
    if function != rust {
        let _ = writeln!(text, "#[doc(hidden)] pub use self::{function} as {rust};");
    }
}
