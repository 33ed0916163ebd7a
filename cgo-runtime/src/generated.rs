//! What the code that the macros write names: not for programs.

pub use crate::bits::{
    BitField, get_bits, get_member, get_volatile_bits, get_volatile_member, set_bits, set_member,
    set_volatile_bits, set_volatile_member,
};
pub use crate::c_type::{CData, CType, Passed};
pub use crate::debug::{debug_enum, debug_flags, debug_opaque, debug_record};
pub use crate::enumeration::Enumeration;
pub use crate::kind::Kind;
pub use crate::layout::prove_layouts;
pub use crate::stand_ins::{
    Align1, Align2, Align4, Align8, Align16, Align32, Align64, Align128, Align256, Align512,
    Align1024, Align2048, Align4096,
};
pub use crate::zeroed::zeroed;

/// For the code of `#[export_c]`, and for what a preamble says of its declarations.
pub mod export {
    pub use crate::export::*;
}

/// For the types that a preamble imports.
pub mod imported {
    pub use crate::imported::*;
}
