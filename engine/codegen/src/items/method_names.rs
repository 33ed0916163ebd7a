//! Names the methods of a record.

use std::collections::HashSet;

/// The names that the record's methods have so far.
pub(crate) struct MethodNames(HashSet<String>);

impl MethodNames {
    pub(crate) fn new(names: impl Iterator<Item = String>) -> MethodNames {
        MethodNames(names.collect())
    }

    /// This name, or one like it that no other method has.
    pub(crate) fn unused(&mut self, wanted: String) -> String {
        let mut name = wanted;
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}
