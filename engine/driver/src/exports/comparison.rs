//! What the crate's exports are compared by: the code generator is told of each that C may declare, and adds what C declares of it.

use std::collections::{HashMap, HashSet};

use cgo_codegen::{DeclaredName, Exported, Prototype};
use cgo_csyntax::directive::Directives;

use crate::exports::{Export, Exports};
use crate::session::Session;

/// What the crate may export under a name. Where macros write exports, that is every name of the crate's own C.
pub(crate) fn of_names<'e>(
    exports: &'e Exports,
    session: &'e Session,
) -> impl Fn(&DeclaredName<'_>) -> Option<Exported> + 'e {
    let items = exports.items.iter();
    let by_name: HashMap<&str, &Export> = items.map(|item| (item.symbol.as_str(), item)).collect();
    move |declared| {
        let known = by_name.get(declared.name);
        let may_be = match known {
            Some(export) => export.is_type == declared.is_type,
            None => !exports.unread.is_empty() && !declared.is_system,
        };
        may_be.then(|| Exported {
            key: session.symbol_key(declared.name),
            numbers: known.and_then(|export| export.numbers.clone()),
        })
    }
}

/// The prototypes, and the numbers of the header's other items where a source or a program of the user's may take it in, and the preamble
/// does not.
pub(crate) fn with_numbers(
    mut prototypes: Vec<Prototype>,
    exports: &Exports,
    directives: &Directives,
    session: &Session,
) -> Vec<Prototype> {
    if directives.sources.is_empty() && directives.header.is_none() {
        return prototypes;
    }
    let mut keys: HashSet<u64> = prototypes.iter().map(|prototype| prototype.key).collect();
    for export in &exports.items {
        let key = session.symbol_key(&export.symbol);
        let numbers = export.numbers.as_ref().filter(|it| !it.is_empty());
        if let Some(numbers) = numbers.filter(|_| keys.insert(key)) {
            prototypes.push(Prototype::of_numbers(key, &export.symbol, numbers));
        }
    }
    prototypes
}
