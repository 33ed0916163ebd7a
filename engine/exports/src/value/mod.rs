//! Computes the numbers that the header says.

pub(crate) mod constant;
mod integer;
