//! The question to the compiler and its answer: the probe is written, compiled, and its object file read.

pub(crate) mod bisect;
pub(crate) mod dwarf;
pub(crate) mod object;
pub(crate) mod read;
pub(crate) mod run;
pub(crate) mod write;
