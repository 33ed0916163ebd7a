//! Decides which pointers are one address in C.

use syn::Type;

use super::declarator::{DeclarationWriter, MOST_ALIASES};
use crate::crate_scan::resolve::PathTarget;
use crate::crate_scan::scanned_crate::ScopeId;
use crate::item::types::bare;

impl DeclarationWriter<'_, '_> {
    /// Whether a pointer to this type is an address alone, and not with a length or a table of methods.
    pub(super) fn is_sized(&mut self, ctype: &Type, scope: ScopeId) -> bool {
        let meant = self.behind_aliases(ctype, scope);
        let (ctype, scope) = meant.as_ref().map_or((ctype, scope), |it| (&it.0, it.1));
        match bare(ctype) {
            Type::Slice(_) | Type::TraitObject(_) => false,
            Type::Path(_) => !self.is_of_std(ctype, scope, &["str", "CStr", "OsStr", "Path"]),
            _ => true,
        }
    }

    /// Whether no value of this type is null, so that null is the `None` of an `Option` of it.
    pub(super) fn is_never_null(&mut self, ctype: &Type, scope: ScopeId) -> bool {
        let meant = self.behind_aliases(ctype, scope);
        let (ctype, scope) = meant.as_ref().map_or((ctype, scope), |it| (&it.0, it.1));
        match bare(ctype) {
            Type::Reference(_) | Type::FnPtr(_) => true,
            Type::Path(_) => self.is_of_std(ctype, scope, &["Box", "NonNull"]),
            _ => false,
        }
    }

    fn is_of_std(&mut self, ctype: &Type, scope: ScopeId, names: &[&str]) -> bool {
        let Some(PathTarget::Foreign(path)) = self.target(ctype, scope) else {
            return false;
        };
        let last = path.last().map_or("", String::as_str);
        path[0] == "std" && names.contains(&last)
    }

    /// The type that a chain of aliases ends with; `None` if this type is no alias.
    pub(super) fn behind_aliases(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
    ) -> Option<(Type, ScopeId)> {
        let mut found: Option<(Type, ScopeId)> = None;
        for _ in 0..MOST_ALIASES {
            let (ctype, scope) = match &found {
                Some((ctype, scope)) => (ctype, *scope),
                None => (ctype, scope),
            };
            let Some(PathTarget::Alias(alias)) = self.target(ctype, scope) else {
                break;
            };
            found = Some(self.krate.alias(alias)?);
        }
        found
    }
}
