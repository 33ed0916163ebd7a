//! The C types of one preamble as plain data. [`complete`] adds what DWARF does not have,
//! and [`prototypes`] what directives give.

mod builtin_prototypes;
mod convention;
mod dwarf_gaps;
pub mod probe_results;
pub mod prototypes;
mod qualified_arrays;
pub(crate) mod record_declarations;
pub mod types;
pub mod validate;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::selection::BoundItem;
use cgo_csyntax::target::Target;

use crate::model::probe_results::ProbeResults;

/// Adds what the declarations tell and DWARF does not.
pub fn complete(
    names: &Names<'_>,
    items: &[BoundItem],
    target: &Target,
    results: &mut ProbeResults,
) {
    convention::mark(names, items, target, results);
    dwarf_gaps::mark(names, &mut results.types);
    builtin_prototypes::mark(names, items, results);
    qualified_arrays::mark(names, items, results);
}
