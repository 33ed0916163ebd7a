//! The two compilers that meet in a preamble: what rustc and Cargo say of the crate, and the C compiler, found and run.
//!
//! `session/` reads the rustc process, `unit/` puts together the text and the flags that the C compiler gets, and `compiler/` runs it.

// For the engine's other crates alone, where a field's name often says all there is to say.
#![allow(missing_docs)]

pub mod compiler;
pub mod hash;
pub mod inputs;
pub mod rust_file;
pub mod session;
pub mod unit;
