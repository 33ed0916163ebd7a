//! A word for the linker, as a directive or a package says it.

use crate::diagnostic::Place;

/// One word of `LDFLAGS`, or of what pkg-config answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFlag {
    pub text: String,
    pub place: Place,
    pub origin: Origin,
}

/// Who wrote a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The user, who can write something else.
    Directive,
    /// The user, in `CGO_LDFLAGS`.
    Variable,
    /// A package. Its flags beyond the libraries are left out if it works without them.
    Package,
}
