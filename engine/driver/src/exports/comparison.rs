//! Tells the code generator which exports a name of C may declare, so that the module can be compared with `#[export_c]`.

use std::collections::{HashMap, HashSet};

use cgo_codegen::{ExportCandidate, ExportInfo, ExportPrototype};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::exports::{DeclaredExport, Exports};
use cgo_toolchain::session::Session;

/// Finds the export that a name of C may declare. Where macros write exports, every name of the crate's own C may be one.
pub(crate) fn find_export<'e>(
    exports: &'e Exports,
    session: &'e Session,
) -> impl Fn(&ExportCandidate<'_>) -> Option<ExportInfo> + 'e {
    let items = exports.items.iter();
    let by_name: HashMap<&str, &DeclaredExport> =
        items.map(|item| (item.symbol.as_str(), item)).collect();
    move |declared| {
        let known = by_name.get(declared.name);
        let may_be = match known {
            Some(export) => export.is_type == declared.is_type,
            None => !exports.unread.is_empty() && !declared.is_system,
        };
        may_be.then(|| ExportInfo {
            key: session.symbol_key(declared.name),
            numbers: known.and_then(|export| export.numbers.clone()),
        })
    }
}

/// The prototypes, and the numbers of the other items of `_cgo_export.h`: a file of `SOURCES`, or a C program with its copy, may include it
/// where the preamble does not.
pub(crate) fn with_numbers(
    mut prototypes: Vec<ExportPrototype>,
    exports: &Exports,
    directives: &Directives,
    session: &Session,
) -> Vec<ExportPrototype> {
    if directives.sources.is_empty() && directives.header.is_none() {
        return prototypes;
    }
    let mut keys: HashSet<u64> = prototypes.iter().map(|prototype| prototype.key).collect();
    for export in &exports.items {
        let key = session.symbol_key(&export.symbol);
        let numbers = export.numbers.as_ref().filter(|it| !it.is_empty());
        if let Some(numbers) = numbers.filter(|_| keys.insert(key)) {
            prototypes.push(ExportPrototype::of_numbers(key, &export.symbol, numbers));
        }
    }
    prototypes
}
