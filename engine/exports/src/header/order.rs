//! Sorts types so that each stands before those that need it.

use syn::{ReturnType, Type, TypePtr, TypeReference};

use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::{FoundExport, ScopeId};
use crate::item::export::Item;
use crate::item::types::{arguments, bare};

/// How deep in a type a function pointer is looked into.
const MOST_FUNCTIONS: usize = 4;

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
            let mut needed = Vec::new();
            self.needed(&field.ctype, found.scope, false, 0, &mut needed);
            for inner in needed {
                self.place(inner, order, placed, depth + 1);
            }
        }
        order.push(number);
    }

    /// Adds the exported types that must be defined before a field of this type: what it contains, and the elements of arrays also
    /// behind a pointer, since C has no array of a type that is not defined yet.
    fn needed(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        is_behind: bool,
        depth: usize,
        found: &mut Vec<usize>,
    ) {
        if depth > MOST_ALIASES {
            return;
        }
        let depth = depth + 1;
        let ctype = match bare(ctype) {
            Type::Array(array) => return self.needed(&array.elem, scope, false, depth, found),
            Type::Ptr(TypePtr { elem, .. }) | Type::Reference(TypeReference { elem, .. }) => {
                return self.needed(elem, scope, true, depth, found);
            }
            // Aliases of functions that take functions could multiply the work.
            Type::FnPtr(_) if depth > MOST_FUNCTIONS => return,
            Type::FnPtr(function) => {
                for parameter in &function.inputs {
                    self.needed(&parameter.ty, scope, true, depth, found);
                }
                if let ReturnType::Type(_, result) = &function.output {
                    self.needed(result, scope, true, depth, found);
                }
                return;
            }
            ctype => ctype,
        };
        match self.target(ctype, scope) {
            Some(PathTarget::Adt(own)) if !is_behind => found.extend(self.krate.adts[own].export),
            Some(PathTarget::Alias(alias)) => {
                if let Some((inner, scope)) = self.krate.alias(alias) {
                    self.needed(&inner, scope, is_behind, depth, found);
                }
            }
            Some(PathTarget::Foreign(path)) => {
                let name = path.last().map_or("", String::as_str);
                let is_behind = is_behind || ["Box", "NonNull", "AtomicPtr"].contains(&name);
                if let Some(inner) = arguments(ctype).first() {
                    self.needed(inner, scope, is_behind, depth, found);
                }
            }
            _ => {}
        }
    }
}
