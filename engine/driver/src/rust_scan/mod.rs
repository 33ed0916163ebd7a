//! Reads the Rust sources of the crate as text: their words, and the items that matter after an error.

pub(crate) mod files;
pub(crate) mod items;
pub(crate) mod lexer;
pub mod text;
pub(crate) mod words;
