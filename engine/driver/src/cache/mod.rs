//! What is kept between builds in the link directory.

pub(crate) mod entry;
pub(crate) mod inputs;
pub(crate) mod kept_file;
pub(crate) mod layouts;
pub(crate) mod name_table;
pub(crate) mod store;
