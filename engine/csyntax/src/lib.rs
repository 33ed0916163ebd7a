//! What a preamble says: text in, its directives and the names that its C declares out. What the other crates share stands here too: the
//! exports as plain data, and the files that are kept between builds.
//!
//! Nothing here runs a process, reads the environment or knows a type: what a name is, the compiler is asked.

// For the engine's other crates alone, where a field's name often says all there is to say.
#![allow(missing_docs)]

pub mod brackets;
pub mod cfg;
pub mod declarations;
pub mod diagnostic;
pub mod directive;
pub mod edit_distance;
pub mod exports;
pub mod files;
pub mod lexer;
pub mod macros;
pub mod message;
pub mod preamble;
pub mod selection;
pub mod target;
pub mod word_set;
