//! Computes the lengths of arrays behind aliases, as the runtime's `CData::LENGTHS` does.

use syn::Type;

use super::c_types::primitive;
use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::ScopeId;
use crate::item::types::{arguments, bare};

/// What stands for lengths that are not known.
const UNSAID: i128 = i128::MIN;

impl DeclarationWriter<'_, '_> {
    /// The lengths behind a name, as one number.
    pub(super) fn lengths_behind(&mut self, ctype: &Type, scope: ScopeId) -> i128 {
        match self.target(ctype, scope) {
            // It may be an array in C, or there.
            Some(PathTarget::OfC(_) | PathTarget::Foreign(_)) => UNSAID,
            _ => self.lengths_of(ctype, scope, 0).unwrap_or(UNSAID),
        }
    }

    /// `None` if rustc would not find them: it knows those of arrays of what C has too.
    pub(super) fn lengths_of(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        depth: usize,
    ) -> Option<i128> {
        if depth > MOST_ALIASES {
            return None;
        }
        match bare(ctype) {
            Type::Array(array) => {
                let inner = self.lengths_of(&array.elem, scope, depth + 1)?;
                let length = self.value(&array.len, scope, "usize")?;
                Some(inner.wrapping_mul(1_000_000_000_000).wrapping_add(length))
            }
            Type::Reference(reference) => self.is_sized(&reference.elem, scope).then_some(0),
            Type::Ptr(pointer) => self.is_sized(&pointer.elem, scope).then_some(0),
            ctype => match (self.target(ctype, scope)?, &arguments(ctype)[..]) {
                (PathTarget::Alias(alias), []) => {
                    let (inner, scope) = self.krate.alias(alias)?;
                    self.lengths_of(&inner, scope, depth + 1)
                }
                (PathTarget::Adt(own), []) => self.krate.adts[own].export.map(|_| 0),
                (PathTarget::OfC(_), []) => Some(0),
                (PathTarget::Foreign(path), arguments) => {
                    let name = path.last()?.as_str();
                    match arguments {
                        [inner] if ["Cell", "ManuallyDrop", "Volatile"].contains(&name) => {
                            self.lengths_of(inner, scope, depth + 1)
                        }
                        [] => primitive(name).map(|_| 0),
                        _ => None,
                    }
                }
                _ => None,
            },
        }
    }
}
