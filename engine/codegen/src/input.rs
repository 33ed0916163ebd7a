//! What the code generator is given.

use std::collections::HashMap;
use std::rc::Rc;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::directive::Directives;
use cgo_csyntax::exports::Numbers;
use cgo_csyntax::preamble::{Import, Preamble};
use cgo_csyntax::selection::{self, Selection};
use cgo_csyntax::target::Target;

use crate::model::probe_results::ProbeResults;

/// What the module's items are made from.
pub struct Input<'a> {
    pub preamble: &'a Preamble,
    pub directives: &'a Directives,
    pub target: &'a Target,
    /// The names that C declares.
    pub names: &'a Names<'a>,
    /// The lines of a file that C is declared in, by the compiler's name for it; none if it cannot be read.
    pub lines_of: &'a dyn Fn(&str) -> Rc<[String]>,
    pub selection: &'a Selection,
    /// What the compiler told of the selection's items.
    pub probe: &'a ProbeResults,
    /// What the symbols of shims start with.
    pub prefix: &'a str,
    /// The items that cannot have their shims, with the reasons.
    pub rejected: &'a HashMap<String, String>,
    /// The export that a name of C may declare.
    pub export: &'a dyn Fn(&ExportCandidate<'_>) -> Option<ExportInfo>,
    /// Whether this word occurs in the crate's sources.
    pub is_used: &'a dyn Fn(&str) -> bool,
    /// Whether it occurs there as a name of the module.
    pub is_of_module: &'a dyn Fn(&str) -> bool,
    /// Whether it occurs behind `::` there.
    pub is_path: &'a dyn Fn(&str) -> bool,
}

impl Input<'_> {
    /// The Rust name of the type that an import replaces. The import may call it by its tag alone or by its short name.
    pub(crate) fn replaced(&self, import: &Import) -> String {
        let called = selection::type_called(self.names, self.directives, &import.name);
        called.unwrap_or_else(|| import.name.clone())
    }
}

/// A name of C that may be an export of the crate.
pub struct ExportCandidate<'a> {
    pub name: &'a str,
    pub is_type: bool,
    /// Whether a header of the system declares it.
    pub is_system: bool,
}

/// What is known of an export.
pub struct ExportInfo {
    /// Identifies its symbol among the crate's macros.
    pub key: u64,
    /// The numbers that `_cgo_export.h` has of it, where it was read.
    pub numbers: Option<Numbers>,
}
