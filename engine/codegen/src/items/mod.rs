//! One file for each kind of item that the module holds.

pub(crate) mod accessors;
pub(crate) mod constants;
pub(crate) mod objects;
pub(crate) mod records;
pub(crate) mod types;
pub(crate) mod unsupported;
