//! The probe, from which the types and values of C are known: its text is written and compiled, and its object file read.

mod compile;
pub(crate) mod dwarf;
mod probe_object;
pub(crate) mod read;
pub(crate) mod run;
mod transparent_unions;
pub(crate) mod write;
