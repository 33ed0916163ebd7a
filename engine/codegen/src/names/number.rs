//! Writes the integers that the compiler tells as values of their types.

use crate::model::types::{Encoding, Type, TypeId, Types};

/// The value as Rust writes it in this type.
pub(crate) fn in_type(types: &Types, id: TypeId, value: i128) -> Option<String> {
    let (size, unsigned, is_bool) = match types.get(types.resolve(id)) {
        Type::Base(base) => (
            base.size,
            matches!(base.encoding, Encoding::Unsigned | Encoding::UnsignedChar),
            base.encoding == Encoding::Bool,
        ),
        Type::Enum(e) => (e.size, !e.signed, false),
        _ => return None,
    };
    // The probe asks for 128 bits.
    if size > 16 {
        return None;
    }
    Some(match (is_bool, unsigned, size) {
        (true, ..) => (value != 0).to_string(),
        (false, true, size) => {
            (value as u128 & (u128::MAX >> (128 - 8 * size.clamp(1, 16)))).to_string()
        }
        // The bits above the type's own are its sign.
        (false, false, 1..=8) => ((value as i64) << (64 - 8 * size) >> (64 - 8 * size)).to_string(),
        (false, false, _) => value.to_string(),
    })
}
