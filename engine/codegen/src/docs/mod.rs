//! The documentation of the module and its items: C declarations and the comments about them.

pub(crate) mod attribute;
pub mod comment;
pub mod declaration;
pub mod markdown;
pub(crate) mod members;
pub(crate) mod module;
