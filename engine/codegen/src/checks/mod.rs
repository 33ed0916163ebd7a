//! What lets rustc and the C compiler check that Rust and C mean the same types.

pub(crate) mod export_prototypes;
pub(crate) mod imports;
pub mod layout_in_c;
pub(crate) mod layout_in_rust;
pub(crate) mod type_encoding;
