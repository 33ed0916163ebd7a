//! Errors as values: what went wrong, and where in the Rust file.

use std::io;
use std::path::Path;

/// A place in the Rust file: line and column count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One error to show to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong and what to write instead; may have several lines.
    pub message: String,
    /// Where; `None` means the macro call as a whole.
    pub place: Option<Place>,
    /// What fails for it.
    pub scope: Scope,
}

/// What an error stands in the way of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This preamble.
    Preamble,
    /// Every preamble of the build, for one and the same reason: there is no compiler, say.
    Build,
}

impl Diagnostic {
    /// An error at `place`, or at the macro call where there is none.
    pub fn new(place: Option<Place>, message: impl Into<String>) -> Self {
        Diagnostic {
            message: message.into(),
            place,
            scope: Scope::Preamble,
        }
    }
}

/// The result of a stage that can fail in several places at once.
pub type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// A failure that has no place of its own.
pub fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(vec![Diagnostic::new(None, message)])
}

/// A failure that every preamble of the build shares.
pub fn fail_build<T>(message: impl Into<String>) -> Outcome<T> {
    Err(vec![Diagnostic {
        scope: Scope::Build,
        ..Diagnostic::new(None, message)
    }])
}

/// A file that cannot be written: a full disk, a folder without permission.
pub fn cannot_write<T>(file: &Path, error: &io::Error) -> Outcome<T> {
    fail(format!("cannot write {}: {error}", file.display()))
}
