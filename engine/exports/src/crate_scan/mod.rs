//! Reads the files and modules of a crate, and resolves paths in it.

mod attributes;
mod cfg;
mod choices;
pub(crate) mod files;
mod imports;
mod items;
mod kept;
mod modules;
mod node;
pub(crate) mod path;
mod renamed;
pub(crate) mod resolve;
pub(crate) mod scanned_crate;
mod self_type;
pub(crate) mod text;
