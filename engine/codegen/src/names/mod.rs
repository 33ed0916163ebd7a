//! How the names and types of C are written in Rust, and again in C.

pub(crate) mod c_types;
pub(crate) mod fields;
pub(crate) mod identifiers;
pub(crate) mod number;
pub(crate) mod rust_types;
pub(crate) mod type_names;
pub(crate) mod vector_types;
