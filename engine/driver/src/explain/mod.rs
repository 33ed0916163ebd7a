//! Errors and warnings: the compiler's messages at their places in the Rust file, names that C or the directives have wrong, and the
//! fallback module after an error.

pub(crate) mod directive_names;
pub(crate) mod fallback;
pub(crate) mod messages;
pub(crate) mod standard_headers;
pub(crate) mod unknown_names;
