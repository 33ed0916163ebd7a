//! The integer types of Rust.

/// An integer type.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Integer {
    pub(super) bits: u32,
    pub(super) is_signed: bool,
    /// Whether it is `usize` or `isize`, which are different types from those of the same size.
    is_size: bool,
}

impl Integer {
    /// The type with this name in Rust, or in `core::ffi` if it has the same size on all targets.
    pub(crate) fn named(name: &str, pointer_bits: u32) -> Option<Integer> {
        let (bits, is_signed) = match name {
            "i8" | "c_schar" => (8, true),
            "i16" | "c_short" => (16, true),
            "i32" | "c_int" => (32, true),
            "i64" | "c_longlong" => (64, true),
            "isize" => (pointer_bits, true),
            "u8" | "c_uchar" => (8, false),
            "u16" | "c_ushort" => (16, false),
            "u32" | "c_uint" => (32, false),
            "u64" | "c_ulonglong" => (64, false),
            "usize" => (pointer_bits, false),
            _ => return None,
        };
        // On an unknown target `usize` has no size.
        (1..=64).contains(&bits).then(|| Integer {
            bits,
            is_signed,
            is_size: name.ends_with("size"),
        })
    }

    pub(super) fn min(self) -> i128 {
        match self.is_signed {
            true => -(1 << (self.bits - 1)),
            false => 0,
        }
    }

    pub(super) fn max(self) -> i128 {
        self.min() + (1 << self.bits) - 1
    }

    /// The value; `None` if it overflows, which is an error in Rust.
    pub(super) fn checked(self, value: i128) -> Option<i128> {
        (self.min()..=self.max()).contains(&value).then_some(value)
    }

    /// The value with the same lowest bits.
    pub(super) fn wrapped(self, value: i128) -> i128 {
        let low = value & ((1 << self.bits) - 1);
        match low > self.max() {
            true => low - (1 << self.bits),
            false => low,
        }
    }
}
