//! What lets rustc and the C compiler compare each with the other what the module says.

pub(crate) mod layout;
pub mod layout_in_c;
pub(crate) mod prototypes;
pub(crate) mod taken;
