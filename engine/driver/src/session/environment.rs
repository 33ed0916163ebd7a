//! Reads the environment variables of this process.

use std::env;
use std::ffi::OsString;

/// The variable that names the folder for dumps.
pub(crate) const DUMP: &str = "CGO_DUMP";

/// The value of an environment variable, if it is set.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

/// The value of a variable that Cargo sets for rustc; empty outside of a Cargo build.
pub(super) fn of_cargo(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
