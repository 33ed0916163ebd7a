//! The reasons why Rust cannot call a function itself.

use std::fmt;

/// Why Rust cannot call a function without a shim. Shown, it goes on after "it".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Its calling convention is not that of C's functions.
    Convention,
    TooManyParameters,
    Takes(NotByValue),
    Returns(NotByValue),
    /// The linker may find no definition.
    MayBeMissing,
    /// The compiler makes no function of it.
    AlwaysInline,
    /// The compiler has it built in.
    Builtin,
}

/// A type that Rust does not pass by value as C does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotByValue {
    /// With an article, or as code.
    pub(crate) name: String,
    /// Goes on after "which", where the name does not say all.
    pub(crate) reason: Option<&'static str>,
}

/// rustc takes no more, be it to declare or to call.
pub(crate) const MOST_PARAMETERS: usize = 65535;

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Convention => {
                f.write_str("is called in another way than C's functions usually are")
            }
            Obstacle::TooManyParameters => {
                write!(f, "has more than {MOST_PARAMETERS} parameters")
            }
            Obstacle::Takes(what) => write!(f, "takes {what} by value"),
            Obstacle::Returns(what) => write!(f, "returns {what} by value"),
            Obstacle::MayBeMissing => f.write_str("may have no definition, which C can test"),
            Obstacle::AlwaysInline => f.write_str("is there only where it is inlined"),
            Obstacle::Builtin => f.write_str("is the compiler's own"),
        }
    }
}

impl fmt::Display for NotByValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Some(reason) => write!(f, "{}, which {reason},", self.name),
            None => f.write_str(&self.name),
        }
    }
}
