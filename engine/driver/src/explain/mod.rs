//! Explains errors: names that C or the directives have wrong, and the fallback module after an error.

pub(crate) mod directive_names;
pub(crate) mod fallback;
pub(crate) mod standard_headers;
pub(crate) mod unknown_names;
