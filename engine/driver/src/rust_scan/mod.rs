//! What the crate's Rust sources say, read as text.

pub(crate) mod files;
pub(crate) mod impls;
pub mod text;
pub(crate) mod words;
