//! What can be wrong with the condition of a `#cgo` line.

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionError {
    Syntax(String),
    /// A word without a meaning, and a similar one with a meaning.
    Unknown {
        message: String,
        similar: Option<String>,
    },
    /// A name of Rust's with a value that it cannot have, or without the one that it needs.
    Value {
        message: String,
        help: String,
    },
}

impl From<String> for ConditionError {
    fn from(message: String) -> ConditionError {
        ConditionError::Syntax(message)
    }
}
