//! Computes the lengths of arrays behind aliases, as the runtime's `CData::LENGTHS` does.

use syn::Type;

use super::c_types::primitive;
use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::ScopeId;
use crate::item::types::{arguments, bare};

/// What stands for lengths that are not known. Lengths with others in them that are not known are added to it.
const UNSAID: i128 = i128::MIN;

impl DeclarationWriter<'_, '_> {
    /// The lengths behind a name, as one number.
    pub(super) fn lengths_behind(&mut self, ctype: &Type, scope: ScopeId) -> i128 {
        match self.target(ctype, scope) {
            // It may be an array there.
            Some(PathTarget::Foreign(_)) => UNSAID,
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
                let base = if inner < i128::MIN / 2 { UNSAID } else { 0 };
                let inner = inner.wrapping_sub(base);
                let lengths = inner.wrapping_mul(1_000_000_000_000).wrapping_add(length);
                Some(base.wrapping_add(lengths))
            }
            Type::Reference(reference) => self.is_sized(&reference.elem, scope).then_some(0),
            Type::Ptr(pointer) => self.is_sized(&pointer.elem, scope).then_some(0),
            ctype => match (self.target(ctype, scope)?, &arguments(ctype)[..]) {
                (PathTarget::Alias(alias), []) => {
                    let (inner, scope) = self.krate.alias(alias)?;
                    self.lengths_of(&inner, scope, depth + 1)
                }
                (PathTarget::Adt(own), []) => self.krate.adts[own].export.map(|_| 0),
                // It may be an array in C, or a struct that Rust cannot pass.
                (PathTarget::OfC(_), []) => Some(UNSAID),
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
