//! The C compiler: found, called, and asked what it compiles for.

pub(crate) mod compiler;
pub(crate) mod object_target;
pub(crate) mod programs;
