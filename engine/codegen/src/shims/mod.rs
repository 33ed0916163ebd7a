//! The C functions that stand between Rust and what Rust cannot reach or call itself.

pub mod c_text;
pub(crate) mod rust_call;
