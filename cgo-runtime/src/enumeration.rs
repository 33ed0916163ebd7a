//! C enumerations that are enums of Rust: what C holds of such a type is checked before Rust has it as a variant.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem::MaybeUninit;

use crate::bits::BitField;
use crate::c_type::CType;
use crate::debug::debug_enum;
use crate::imported::Zero;
use crate::validity::Unchecked;

/// A C enumeration that is an enum of Rust, all of whose variants are enumerators.
///
/// # Safety
///
/// `Number` has the size of `Self`, and each variant has the value that it has in C.
#[doc(hidden)]
pub unsafe trait Enumeration: CType + Copy {
    /// The integer that C holds.
    type Number: BitField;
    /// The name of the type in Rust.
    const NAME: &'static str;
    /// The enumerators with their values.
    const ENUMERATORS: &'static [(&'static str, i128)];
    /// The integer's value.
    fn value(number: Self::Number) -> i128;
}

impl<E: Enumeration> Unchecked<E> {
    /// The variant; `None` for a number that no variant has.
    #[must_use]
    #[inline]
    pub fn get(self) -> Option<E> {
        let number = self.number();
        let is_variant = E::ENUMERATORS.iter().any(|(_, known)| *known == number);
        // SAFETY: a variant has this value.
        is_variant.then(|| unsafe { self.0.assume_init() })
    }

    /// The number that C holds, which may be of no variant.
    #[must_use]
    #[inline]
    pub fn number(self) -> i128 {
        E::value(self.integer())
    }

    #[inline]
    fn integer(self) -> E::Number {
        // SAFETY: an integer of the same size. C has written it, it was made from a value, or it is all zeroes.
        unsafe { self.0.as_ptr().cast::<E::Number>().read_unaligned() }
    }
}

// SAFETY: zeroes are a number, and `get` and `value` check whether it is a variant's.
unsafe impl<E: Enumeration> Zero for Unchecked<E> {}

/// Zero, which may be of no variant.
impl<E: Enumeration> Default for Unchecked<E> {
    #[inline]
    fn default() -> Self {
        Unchecked(MaybeUninit::zeroed())
    }
}

impl<E: Enumeration> fmt::Debug for Unchecked<E> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_enum(f, E::NAME, self.number(), E::ENUMERATORS)
    }
}

impl<E: Enumeration> PartialEq for Unchecked<E> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl<E: Enumeration> Eq for Unchecked<E> {}

impl<E: Enumeration> PartialEq<E> for Unchecked<E> {
    #[inline]
    fn eq(&self, other: &E) -> bool {
        *self == Unchecked::from(*other)
    }
}

impl<E: Enumeration> PartialOrd for Unchecked<E> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E: Enumeration> Ord for Unchecked<E> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.number().cmp(&other.number())
    }
}

impl<E: Enumeration> Hash for Unchecked<E> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl<E: Enumeration> BitField for Unchecked<E> {
    #[inline]
    fn from_bits(bits: u128, width: u32) -> Self {
        let mut value: Self = Unchecked(MaybeUninit::uninit());
        let number = E::Number::from_bits(bits, width);
        // SAFETY: an integer of the same size.
        unsafe {
            value
                .0
                .as_mut_ptr()
                .cast::<E::Number>()
                .write_unaligned(number)
        };
        value
    }
    #[inline]
    fn to_bits(self) -> u128 {
        self.integer().to_bits()
    }
}
