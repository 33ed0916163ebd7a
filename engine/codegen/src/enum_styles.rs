//! Finds the enumerations that Rust gets as a type of their own, as `#cgo newtype:` and `#cgo flags:` say.

use std::collections::HashMap;

use cgo_csyntax::directive::EnumStyle;
use cgo_csyntax::directive::pattern;

use crate::input::Input;
use crate::model::types::{Type, TypeId, Types};

/// The style of each enumeration that a directive names and Rust has a name for.
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
            let is_named = |style: EnumStyle| {
                let of_style = styles.iter().filter(|(one, _)| *one == style);
                let patterns: Vec<_> = of_style.map(|(_, pattern)| pattern.clone()).collect();
                pattern::picks(&patterns, |pattern| {
                    names.iter().any(|name| pattern.is_like(name))
                })
            };
            let all = [EnumStyle::Newtype, EnumStyle::Flags];
            Some((id, all.into_iter().find(|style| is_named(*style))?))
        });
    styled.collect()
}
