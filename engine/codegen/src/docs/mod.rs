//! The documentation of items: the declaration in C, and the comment above it.

pub(crate) mod attribute;
pub mod comment;
pub mod declaration;
