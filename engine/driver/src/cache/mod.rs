//! The files that the link directory keeps between builds.

pub(crate) mod kept_module;
pub(crate) mod layouts;
mod name_table;
mod prune;
pub(crate) mod store;
