//! Reads the Rust sources of the crate as text: their words, and the items that matter after an error.

pub(crate) mod given_values;
pub(crate) mod rust_items;
pub(crate) mod rust_lexer;
pub(crate) mod rust_words;
pub mod text;
