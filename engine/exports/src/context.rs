//! What of a build the header depends on beside the sources.

use cgo_csyntax::exports::Cfg;

/// What of a build the header depends on beside the sources.
#[derive(Default)]
pub struct Context {
    /// What `#[cfg]` knows.
    pub cfgs: Vec<Cfg>,
    /// How many bits `usize` has.
    pub pointer_bits: u32,
    /// What the crate may call the facade: `cgo`, and other names that it is given.
    pub facades: Vec<String>,
}
