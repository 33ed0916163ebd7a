//! Finds the enumerations that Rust gets as a type of their own, as `#cgo newtype:` and `#cgo flags:` say.

use std::collections::HashMap;

use cgo_csyntax::directive::EnumStyle;
use cgo_csyntax::directive::pattern::NamePattern;

use crate::input::Input;
use crate::model::types::{Type, TypeId, Types};

/// The style of each enumeration that a directive names: the last one that does.
pub(crate) fn styles(input: &Input<'_>, types: &Types) -> HashMap<TypeId, EnumStyle> {
    let styles = &input.directives.enums;
    if styles.is_empty() {
        return HashMap::new();
    }
    let is_enum = |id: TypeId| matches!(types.get(id), Type::Enum(_));
    let enums = types.tagged_names().into_iter();
    let styled = enums
        .filter(|(id, _)| is_enum(*id))
        .filter_map(|(id, names)| {
            let is_named = |pattern: &NamePattern| names.iter().any(|name| pattern.is_like(name));
            let mut last = styles.iter().rev();
            let (style, pattern) = last.find(|(_, pattern)| is_named(pattern))?;
            (!pattern.excludes).then_some((id, *style))
        });
    styled.collect()
}
