//! The C types of one preamble as plain data, and what completes them where DWARF is silent.

mod builtin_prototypes;
mod convention;
mod dwarf_gaps;
pub mod probe_results;
mod qualified_arrays;
pub mod types;
pub mod validate;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::selection::Item;

use crate::model::probe_results::ProbeResults;

/// Adds to the answer what the declarations tell and DWARF does not.
pub fn complete(names: &Names<'_>, items: &[Item], answer: &mut ProbeResults) {
    convention::mark(names, &mut answer.types);
    dwarf_gaps::mark(names, &mut answer.types);
    builtin_prototypes::mark(names, items, answer);
    qualified_arrays::mark(names, items, answer);
}
