//! Finds the enumerations that Rust gets as a type of their own, as `#cgo newtype:`, `#cgo flags:` and `#cgo enum:` say.

use std::collections::HashMap;

use cgo_csyntax::directive::EnumStyle;
use cgo_csyntax::directive::pattern::NamePattern;

use crate::input::Input;
use crate::model::types::{Type, TypeId};

/// The style of each enumeration that a directive names: the last one that does.
pub(crate) fn styles(input: &Input<'_>) -> HashMap<TypeId, EnumStyle> {
    let types = &input.probe.types;
    let styles = &input.directives.enums;
    if styles.is_empty() {
        return HashMap::new();
    }
    let is_enum = |id: TypeId| matches!(types.get(id), Type::Enum(e) if !e.enumerators.is_empty());
    let imports = input.preamble.imports.iter();
    let imported: Vec<String> = imports.map(|one| input.replaced(one)).collect();
    let is_imported = |names: &[String]| imported.iter().any(|name| names.contains(name));
    let enums = types.tagged_names().into_iter();
    let styled = enums
        .filter(|(id, names)| is_enum(*id) && !is_imported(names))
        .filter_map(|(id, names)| {
            let is_named = |pattern: &NamePattern| names.iter().any(|name| pattern.is_like(name));
            let mut last = styles.iter().rev();
            let (style, pattern) = last.find(|(_, pattern)| is_named(pattern))?;
            (!pattern.excludes).then_some((id, *style))
        });
    styled.collect()
}
