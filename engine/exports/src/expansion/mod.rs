//! Writes what `#[export_c]` expands to: the item as it was written, the gateway under its C name, and checks at compile time.

mod comparison;
mod conversion;
mod ctype;
mod function;
mod gateway;
mod panics;
mod types;
pub(crate) mod writer;
