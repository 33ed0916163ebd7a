//! The vector types of the processors' own headers, which `core::arch` has under the same names.

use crate::layout::Layouts;
use crate::model::types::{Base, Encoding, Type, TypeId};

/// The type of `core::arch` for a typedef of this name, if that is the same vector.
pub(crate) fn core_arch_type(layouts: &Layouts<'_>, id: TypeId, name: &str) -> Option<String> {
    let types = layouts.types;
    let Type::Vector { element, size } = types.get(types.resolve(id)) else {
        return None;
    };
    let Type::Base(element) = types.get(types.resolve(*element)) else {
        return None;
    };
    // `__m128_u` is a type of its own, and so would be a `__m128` that another typedef aligns.
    let align = types.typedef_align(id).unwrap_or_else(|| layouts.align(id));
    let arch = layouts.target.arch.as_str();
    let is_known = match arch {
        "x86" | "x86_64" => is_of_x86(name, element, *size),
        "aarch64" => is_of_neon(name, element, *size),
        _ => false,
    };
    (is_known && align == *size).then(|| format!("::core::arch::{arch}::{name}"))
}

fn is_of_x86(name: &str, element: &Base, size: u64) -> bool {
    let (wanted, letter) = match name {
        "__m128" | "__m128d" | "__m128i" => (16, &name[6..]),
        "__m256" | "__m256d" | "__m256i" => (32, &name[6..]),
        "__m512" | "__m512d" | "__m512i" => (64, &name[6..]),
        _ => return false,
    };
    let is_float = element.encoding == Encoding::Float;
    let fits = match letter {
        "" => is_float && element.size == 4,
        "d" => is_float && element.size == 8,
        _ => !is_float && element.size == 8,
    };
    fits && size == wanted
}

/// `int8x16_t`, `uint32x2_t`, `float64x2_t`, `poly8x8_t`, ..
fn is_of_neon(name: &str, element: &Base, size: u64) -> bool {
    let shape = |name: &str| {
        let digits = name.find(|letter: char| letter.is_ascii_digit())?;
        let (kind, numbers) = name.split_at(digits);
        let (bits, count) = numbers.strip_suffix("_t")?.split_once('x')?;
        Some((
            kind.to_string(),
            bits.parse::<u64>().ok()?,
            count.parse::<u64>().ok()?,
        ))
    };
    let Some((kind, bits, count)) = shape(name) else {
        return false;
    };
    let fits = match kind.as_str() {
        "int" | "uint" => matches!(bits, 8 | 16 | 32 | 64),
        "poly" => matches!(bits, 8 | 16 | 64),
        "float" => matches!(bits, 32 | 64),
        _ => false,
    };
    let is_float = element.encoding == Encoding::Float;
    fits && is_float == (kind == "float")
        && 8 * element.size == bits
        && Some(8 * size) == bits.checked_mul(count)
        && matches!(size, 8 | 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(size: u64, encoding: Encoding) -> Base {
        Base {
            name: String::new(),
            size,
            encoding,
        }
    }

    #[test]
    fn the_types_of_x86_are_known_by_name_and_shape() {
        let (float, double) = (base(4, Encoding::Float), base(8, Encoding::Float));
        let integer = base(8, Encoding::Signed);
        assert!(is_of_x86("__m128", &float, 16));
        assert!(is_of_x86("__m256d", &double, 32));
        assert!(is_of_x86("__m512i", &integer, 64));
        assert!(!is_of_x86("__m128", &double, 16));
        assert!(!is_of_x86("__m128", &float, 32));
        assert!(!is_of_x86("__m128i", &double, 16));
        assert!(!is_of_x86("four", &float, 16));
    }

    #[test]
    fn the_types_of_neon_are_known_by_name_and_shape() {
        assert!(is_of_neon("int8x16_t", &base(1, Encoding::SignedChar), 16));
        assert!(is_of_neon("uint64x1_t", &base(8, Encoding::Unsigned), 8));
        assert!(is_of_neon("float32x4_t", &base(4, Encoding::Float), 16));
        assert!(is_of_neon("poly16x4_t", &base(2, Encoding::Unsigned), 8));
        assert!(!is_of_neon("float16x4_t", &base(2, Encoding::Float), 8));
        assert!(!is_of_neon("float32x4_t", &base(4, Encoding::Signed), 16));
        assert!(!is_of_neon("int8x16_t", &base(1, Encoding::SignedChar), 8));
        assert!(!is_of_neon("int32x8_t", &base(4, Encoding::Signed), 32));
        assert!(!is_of_neon("my_int8x16_t", &base(1, Encoding::Signed), 16));
    }
}
