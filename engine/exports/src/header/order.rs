//! Sorts types so that each stands before those that need it.

use syn::{Type, TypePtr, TypeReference};

use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::{FoundExport, ScopeId};
use crate::item::export::Item;
use crate::item::types::{arguments, bare};

impl DeclarationWriter<'_, '_> {
    /// Enums, which cannot be declared before their definitions; then structs and unions, each before those that contain it.
    pub(super) fn types_in_order(&mut self) -> Vec<usize> {
        let (mut order, mut placed) = (Vec::new(), vec![false; self.exports.len()]);
        let is_enum = |found: &FoundExport| matches!(found.export.item, Item::Enumeration(_));
        for enums in [true, false] {
            for (number, found) in self.exports.iter().enumerate() {
                if is_enum(found) == enums {
                    self.place(number, &mut order, &mut placed, 0);
                }
            }
        }
        order
    }

    fn place(&mut self, number: usize, order: &mut Vec<usize>, placed: &mut [bool], depth: usize) {
        let found = &self.exports[number];
        // rustc reports a type that contains itself.
        if !found.export.is_type() || depth > 64 || placed[number] {
            return;
        }
        placed[number] = true;
        for field in found.export.fields() {
            if let Some(inner) = self.by_value(&field.ctype, found.scope, 0) {
                self.place(inner, order, placed, depth + 1);
            }
        }
        order.push(number);
    }

    /// The exported type that must be defined before a field of this type.
    fn by_value(&mut self, ctype: &Type, scope: ScopeId, depth: usize) -> Option<usize> {
        if depth > MOST_ALIASES {
            return None;
        }
        let ctype = bare(ctype);
        let elements = match ctype {
            Type::Array(_) => Some(ctype),
            // C knows no array of a type that is not defined yet, not even behind a pointer.
            Type::Ptr(TypePtr { elem, .. }) | Type::Reference(TypeReference { elem, .. }) => {
                Some(bare(elem))
            }
            _ => None,
        };
        if let Some(elements) = elements {
            let Type::Array(array) = elements else {
                return None;
            };
            return self.by_value(&array.elem, scope, depth + 1);
        }
        match self.target(ctype, scope)? {
            PathTarget::Adt(own) => self.krate.adts[own].export,
            PathTarget::Alias(alias) => {
                let (inner, scope) = self.krate.alias(alias)?;
                self.by_value(&inner, scope, depth + 1)
            }
            PathTarget::Foreign(_) => {
                let inner = arguments(ctype);
                self.by_value(inner.first()?, scope, depth + 1)
            }
            _ => None,
        }
    }
}
