//! Computes the numbers in the header: array lengths and values of enumerators.

pub(crate) mod constant;
mod integer;
