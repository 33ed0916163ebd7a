//! What is kept between builds in the link directory.

pub(crate) mod fingerprint;
pub(crate) mod inputs;
pub(crate) mod kept_file;
pub(crate) mod kept_module;
pub(crate) mod layouts;
pub(crate) mod name_table;
pub(crate) mod store;
