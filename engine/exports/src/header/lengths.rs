//! Computes the lengths of arrays behind aliases, as the runtime's `CData::LENGTHS` does.

use cgo_csyntax::exports::Lengths;
use syn::{Type, TypePtr, TypeReference};

use super::c_types::primitive;
use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::ScopeId;
use crate::item::types::{arguments, bare};

/// What may be an array or not.
fn unread() -> Lengths {
    Lengths {
        open: true,
        ..Lengths::default()
    }
}

impl DeclarationWriter<'_, '_> {
    /// The lengths behind a name.
    pub(super) fn lengths_behind(&mut self, ctype: &Type, scope: ScopeId) -> Lengths {
        match self.target(ctype, scope) {
            // It may be an array there.
            Some(PathTarget::Foreign(_)) => unread(),
            _ => self.lengths_of(ctype, scope, 0).unwrap_or_else(unread),
        }
    }

    /// `None` if rustc would not find them: it knows those of arrays of what C has too.
    pub(super) fn lengths_of(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        depth: usize,
    ) -> Option<Lengths> {
        if depth > MOST_ALIASES {
            return None;
        }
        match bare(ctype) {
            Type::Array(array) => {
                let mut lengths = self.lengths_of(&array.elem, scope, depth + 1)?;
                let length = self.value(&array.len, scope, "usize")?;
                lengths.known.insert(0, length);
                Some(lengths)
            }
            Type::Reference(TypeReference { elem, .. }) | Type::Ptr(TypePtr { elem, .. }) => {
                self.is_sized(elem, scope).then(Lengths::default)
            }
            ctype => match (self.target(ctype, scope)?, &arguments(ctype)[..]) {
                (PathTarget::Alias(alias), []) => {
                    let (inner, scope) = self.krate.alias(alias)?;
                    self.lengths_of(&inner, scope, depth + 1)
                }
                (PathTarget::Adt(own), []) => {
                    self.krate.adts[own].export.map(|_| Lengths::default())
                }
                // It may be an array in C, or a struct that Rust cannot pass.
                (PathTarget::OfC(_), []) => Some(unread()),
                (PathTarget::Foreign(path), arguments) => {
                    let name = path.last()?.as_str();
                    match arguments {
                        [inner] if ["Cell", "ManuallyDrop", "Volatile"].contains(&name) => {
                            self.lengths_of(inner, scope, depth + 1)
                        }
                        [] => primitive(name).map(|_| Lengths::default()),
                        _ => None,
                    }
                }
                _ => None,
            },
        }
    }
}
