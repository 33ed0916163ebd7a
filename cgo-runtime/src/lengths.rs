//! The lengths of arrays, as the declarations of exports are compared in them.

/// The lengths of an array and of arrays that are its elements.
#[derive(Clone, Copy, Debug)]
pub enum Lengths {
    /// It is no array.
    None,
    /// The length of the array, and those of its elements.
    Array(i128, &'static Lengths),
    /// It was not read, and may be an array.
    Unread,
}

impl Lengths {
    /// Whether they are those of a type as it was read. What C has no type for has no lengths here, whatever it is an array of.
    #[inline]
    pub(crate) const fn agree_with(&self, read: &Lengths) -> bool {
        match (self, read) {
            (_, Lengths::Unread) | (Lengths::None, Lengths::None) => true,
            (Lengths::Array(length, elements), Lengths::Array(read, read_elements)) => {
                *length == *read && elements.agree_with(read_elements)
            }
            (Lengths::None, Lengths::Array(_, elements)) => elements.is_unread(),
            (Lengths::Array(..), Lengths::None) | (Lengths::Unread, _) => false,
        }
    }

    /// Whether the innermost elements were not read.
    #[inline]
    const fn is_unread(&self) -> bool {
        match self {
            Lengths::None => false,
            Lengths::Array(_, elements) => elements.is_unread(),
            Lengths::Unread => true,
        }
    }
}
