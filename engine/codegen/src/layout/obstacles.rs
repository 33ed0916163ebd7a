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
    /// It is a `static` ifunc. gcc takes a second symbol of it for the function that chooses.
    ChosenAtStart,
    /// It is an import of the linked module, from a place that only the C names.
    Import,
    /// The compiler makes no function of it.
    AlwaysInline,
    /// The compiler has it built in.
    Builtin,
    /// It is a macro, whose value only C can tell.
    Macro,
}

/// A type that Rust does not pass by value as C does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotByValue {
    /// With an article, or as code.
    pub(crate) name: String,
    /// A sentence, where the name does not tell the reason.
    pub(crate) reason: Option<&'static str>,
}

/// rustc takes no more, be it to declare or to call.
pub(crate) const MOST_PARAMETERS: usize = 65535;

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Convention => f.write_str("does not have C's usual calling convention"),
            Obstacle::TooManyParameters => {
                write!(f, "has more than {MOST_PARAMETERS} parameters")
            }
            Obstacle::Takes(ctype) => ctype.fmt(f, "takes"),
            Obstacle::Returns(ctype) => ctype.fmt(f, "returns"),
            Obstacle::MayBeMissing => f.write_str("may have no definition, which only C can test"),
            Obstacle::ChosenAtStart => f.write_str("is an ifunc without a symbol"),
            Obstacle::Import => f.write_str("is imported from where its attributes say"),
            Obstacle::AlwaysInline => f.write_str("exists only where it is inlined"),
            Obstacle::Builtin => f.write_str("is built into the compiler"),
            Obstacle::Macro => f.write_str("is a macro"),
        }
    }
}

impl NotByValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>, verb: &str) -> fmt::Result {
        write!(f, "{verb} {} by value", self.name)?;
        match self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}
