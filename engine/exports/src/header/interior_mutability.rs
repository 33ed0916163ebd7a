//! Decides whether a type has interior mutability.

use syn::Type;

use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::ScopeId;
use crate::item::types::{arguments, bare};

/// A type that contains more types than this is assumed to have it.
const MOST_TYPES: usize = 200;

impl DeclarationWriter<'_, '_> {
    /// Whether a value of this type may change behind a shared reference: then it is not `const` in C. `seen` are the types that have
    /// been visited.
    pub(super) fn has_interior_mutability(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        seen: &mut Vec<usize>,
        depth: usize,
    ) -> bool {
        if depth > MOST_ALIASES || seen.len() > MOST_TYPES {
            return true;
        }
        let ctype = bare(ctype);
        if let Type::Array(array) = ctype {
            return self.has_interior_mutability(&array.elem, scope, seen, depth + 1);
        }
        match self.target(ctype, scope) {
            Some(PathTarget::Foreign(path)) => {
                let name = path.last().map_or("", String::as_str);
                let is_cell = ["Cell", "UnsafeCell", "Volatile"].contains(&name);
                let is_pointer = ["Box", "NonNull"].contains(&name);
                let mut inside = arguments(ctype).into_iter();
                name.starts_with("Atomic")
                    || is_cell
                    || !is_pointer
                        && inside.any(|inner| {
                            self.has_interior_mutability(inner, scope, seen, depth + 1)
                        })
            }
            Some(PathTarget::Alias(alias)) => match self.krate.alias(alias) {
                Some((inner, scope)) => {
                    self.has_interior_mutability(&inner, scope, seen, depth + 1)
                }
                None => false,
            },
            Some(PathTarget::Adt(own)) if !seen.contains(&own) => {
                seen.push(own);
                let Some(number) = self.krate.adts[own].export else {
                    return false;
                };
                let (exports, scope) = (self.exports, self.exports[number].scope);
                exports[number]
                    .export
                    .fields()
                    .iter()
                    .any(|field| self.has_interior_mutability(&field.ctype, scope, seen, depth + 1))
            }
            _ => false,
        }
    }
}
