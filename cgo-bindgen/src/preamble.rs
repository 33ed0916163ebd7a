//! One `c_preamble!` call as data: the C text with its place in the Rust file, and the head items before it.

use std::path::PathBuf;

use crate::diagnostic::Place;

/// What one call says.
#[derive(Clone, Debug)]
pub struct Preamble {
    /// The C text, directives included.
    pub text: String,
    /// Where the text starts in the Rust file.
    pub start: Place,
    /// The Rust file, absolute.
    pub file: PathBuf,
    /// `pub(crate)` and the like, as written.
    pub visibility: String,
    /// The module's name.
    pub module: String,
    /// The types that are taken from other modules.
    pub imports: Vec<Import>,
}

/// One type taken from another module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its path as seen from inside the new module, with `as name` if it is renamed.
    pub path: String,
    /// The name that it has in this module, which is how C calls it here: `struct_stat`, `sqlite3`.
    pub name: String,
}

impl Preamble {
    /// The folder of the Rust file, which cgo calls SRCDIR.
    pub fn folder(&self) -> PathBuf {
        self.file.parent().map(PathBuf::from).unwrap_or_default()
    }
}
