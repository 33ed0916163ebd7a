//! Errors and warnings as values: what went wrong, and where in the Rust file.

use std::io;
use std::path::Path;

use crate::message::Message;

/// A place in the Rust file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Something that stands at a place in the Rust file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub place: Place,
}

/// One error or warning to show to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub message: Message,
    /// Where it is wrong. `None` means the whole macro call.
    pub place: Option<Place>,
    /// What fails because of it.
    pub scope: ErrorScope,
    /// Something that the machine should have is not there: a header, a package, the compiler.
    pub is_missing: bool,
}

/// What an error keeps from being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorScope {
    /// This preamble.
    Preamble,
    /// Every preamble of the build, for the same reason, such as a missing compiler.
    Build,
}

impl Diagnostic {
    /// An error at `place`, or at the macro call if that is `None`.
    pub fn new(place: Option<Place>, message: impl Into<Message>) -> Self {
        Diagnostic {
            message: message.into(),
            place,
            scope: ErrorScope::Preamble,
            is_missing: false,
        }
    }

    /// The same error, about something that the machine does not have.
    pub fn of_missing(self) -> Self {
        Diagnostic {
            is_missing: true,
            ..self
        }
    }
}

/// The result of a stage that can fail in several places at once.
pub type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// The value of a stage that went on after an error, or all of its errors.
pub fn all_or<T>(errors: Vec<Diagnostic>, value: T) -> Outcome<T> {
    match errors.is_empty() {
        true => Ok(value),
        false => Err(errors),
    }
}

/// A failure at no place in particular.
pub fn fail<T>(message: impl Into<Message>) -> Outcome<T> {
    Err(vec![Diagnostic::new(None, message)])
}

/// A failure of every preamble of the build.
pub fn fail_build<T>(message: impl Into<Message>) -> Outcome<T> {
    Err(vec![Diagnostic {
        scope: ErrorScope::Build,
        ..Diagnostic::new(None, message)
    }])
}

/// A failure of every preamble, for want of something that the machine does not have.
pub fn fail_missing<T>(message: impl Into<Message>) -> Outcome<T> {
    Err(vec![Diagnostic {
        scope: ErrorScope::Build,
        ..Diagnostic::new(None, message).of_missing()
    }])
}

/// A failure to write a file, as on a full disk or without permission.
pub fn cannot_write<T>(file: &Path, error: &io::Error) -> Outcome<T> {
    fail(format!("cannot write {}: {error}", file.display()))
}
