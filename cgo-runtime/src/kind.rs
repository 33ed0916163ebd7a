//! What two declarations of one function have to agree on of each type.

/// What a type is when it crosses a call, as far as two declarations of one function have to agree on it.
///
/// C17 6.7.6.3, paragraph 15, asks for compatible types. This is less where it does no harm: all pointers are one kind,
/// so that `const` and what is pointed to may be said differently on the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `void`, as a result.
    Void,
    /// `_Bool`.
    Bool,
    /// An integer or an enumeration. Signedness counts, since a caller widens a narrow one by it.
    Integer {
        /// Its size in bytes.
        size: usize,
        /// Whether it has negative values.
        signed: bool,
    },
    /// A floating-point number.
    Float {
        /// Its size in bytes.
        size: usize,
    },
    /// A complex number.
    Complex {
        /// The size of both parts together in bytes.
        size: usize,
    },
    /// A pointer to anything, functions included.
    Pointer,
    /// A struct or union by value.
    Record {
        /// Its size in bytes.
        size: usize,
        /// Its alignment in bytes.
        align: usize,
    },
    /// An array, which only a variable is.
    Array {
        /// Its size in bytes; `None` where C does not say it, as in `extern int x[];`.
        size: Option<usize>,
    },
    /// Something that the two sides cannot compare.
    Other,
}

impl Kind {
    /// A struct or union.
    #[must_use]
    #[inline]
    pub const fn record<T>() -> Kind {
        Kind::Record {
            size: size_of::<T>(),
            align: align_of::<T>(),
        }
    }

    /// Whether a function that one side declares with the one kind is the function that the other declares with the other kind.
    #[inline]
    pub(crate) const fn is_same(self, other: Kind) -> bool {
        match (self, other) {
            (Kind::Void, Kind::Void)
            | (Kind::Bool, Kind::Bool)
            | (Kind::Pointer, Kind::Pointer) => true,
            (
                Kind::Integer { size, signed },
                Kind::Integer {
                    size: other,
                    signed: other_signed,
                },
            ) => size == other && signed == other_signed,
            (Kind::Float { size }, Kind::Float { size: other })
            | (Kind::Complex { size }, Kind::Complex { size: other })
            | (Kind::Array { size: Some(size) }, Kind::Array { size: Some(other) }) => {
                size == other
            }
            (Kind::Array { .. }, Kind::Array { .. }) => true,
            (
                Kind::Record { size, align },
                Kind::Record {
                    size: other,
                    align: other_align,
                },
            ) => size == other && align == other_align,
            _ => false,
        }
    }
}
