//! The names of C types, in Rust and in C.

pub(crate) mod in_c;
pub(crate) mod in_rust;
