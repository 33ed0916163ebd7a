//! Reads the environment variables of this process.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;

/// The variable that names the folder for dumps.
pub const DUMP: &str = "CGO_DUMP";
/// The variable with which an author has the files of `#cgo bindings:` written.
pub const BINDINGS: &str = "CGO_BINDINGS";
/// docs.rs sets it.
pub const DOCS_RS: &str = "DOCS_RS";

/// The variable that names the link directory where Cargo does not.
pub(crate) const LINK_DIRECTORY: &str = "CGO_LINK_DIRECTORY";

/// The value of an environment variable, if it is set.
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

/// The value of a variable that Cargo sets for rustc; empty outside of a Cargo build.
pub(super) fn of_cargo(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The names of all variables that are UTF-8.
pub fn names() -> BTreeSet<String> {
    let names = env::vars_os().map(|(name, _)| name);
    names.filter_map(|name| name.into_string().ok()).collect()
}
