//! The C types of one preamble as plain data, and what completes them where DWARF is silent.

pub mod answer;
pub mod builtin_prototypes;
pub mod convention;
pub mod dwarf_gaps;
pub mod qualified_arrays;
pub mod types;
pub mod validate;
