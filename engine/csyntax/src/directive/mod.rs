//! The `#cgo` lines of a preamble: what they say, as plain data. [`read`] reads them, and empties them in the text.
//!
//! As in cgo, every line that starts with `#cgo` is a directive, also inside of `#if 0` and of a comment. It ends with its line. If the
//! condition of a line does not hold, only its verb and its quotes are checked.
//!
//! cgo allows few characters in a flag, since its flags once went through a shell. Here they go straight to the compiler, so any
//! character is allowed, as in `-DNAME="\"text\""`. Only what cannot work is an error, such as `-c` or `-l` in `CFLAGS`. The order on
//! the compiler's command line is cgo's: all `CPPFLAGS`, then all `CFLAGS`.

pub mod compiler_flag;
pub mod condition_context;
pub mod condition_error;
pub mod constraint;
mod directives;
mod flag_effects;
mod known_words;
pub mod link_flag;
pub mod package_words;
pub mod pattern;
pub mod prototype;
mod reader;
pub mod source_files;
#[cfg(test)]
mod tests;
mod variables;
mod verb;
mod words;

pub use crate::directive::directives::{DerivedTrait, Directives, EnumStyle};
pub use crate::directive::reader::{place_of, read};
pub use crate::directive::variables::FlagVariable;
