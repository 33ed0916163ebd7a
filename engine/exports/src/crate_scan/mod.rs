//! Reads a crate: what its files say, which modules it has, and what a path in it means.

mod attributes;
mod cfg;
pub(crate) mod files;
mod imports;
mod items;
mod kept;
mod modules;
mod node;
pub(crate) mod path;
pub(crate) mod program;
mod renamed;
pub(crate) mod resolve;
mod self_type;
pub(crate) mod text;
