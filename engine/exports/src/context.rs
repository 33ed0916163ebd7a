//! What the header depends on beside the sources.

use std::path::PathBuf;

use cgo_csyntax::cfg::Cfg;

/// What the header depends on beside the sources.
#[derive(Default)]
pub struct CrateContext {
    /// The active `#[cfg]`s.
    pub cfgs: Vec<Cfg>,
    /// The size of `usize` in bits.
    pub pointer_bits: u32,
    /// Whether the crate is of the edition 2015, in which the paths of `use`, and those behind `::`, start at its root.
    pub is_of_2015: bool,
    /// The folder that Cargo's `OUT_DIR` names.
    pub out_dir: Option<PathBuf>,
    /// The names that the crate `cgo` may have in this crate.
    pub facades: Vec<String>,
}
