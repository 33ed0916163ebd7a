//! Writes a second name for each item that begins as `#cgo strip:` says: `sqlite3_open` is `open` too.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::context::Context;
use crate::items::output::{Items, NameSpaces};
use crate::names::identifiers::identifier;

/// Writes the names without their starts, as far as the module has no such name already and no two items would get the same.
pub(crate) fn write(context: &Context<'_>, name_spaces: &NameSpaces, out: &mut Items) {
    let is_defined =
        |rust: &str| name_spaces.types.contains(rust) || name_spaces.values.contains(rust);
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let all = name_spaces.types.union(&name_spaces.values);
    for rust in all {
        if let Some(short) = context.input.directives.stripped(rust) {
            owners.entry(identifier(short)).or_default().push(rust);
        }
    }
    for (short, owners) in owners {
        if let [rust] = owners[..]
            && !is_defined(&short)
        {
            let visibility = context.visibility(rust);
            let _ = writeln!(
                out.text,
                "#[doc(inline)] #[doc(alias = {rust:?})] {visibility} use self::{rust} as {short};"
            );
        }
    }
}
