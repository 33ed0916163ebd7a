//! Reads one exported item: the attribute and the item under it.

pub(crate) mod attribute;
pub(crate) mod export;
pub(crate) mod form;
mod function;
pub(crate) mod keywords;
pub(crate) mod lengths;
pub(crate) mod read;
mod record;
mod rejected_type;
mod reserved;
pub(crate) mod syntax;
pub(crate) mod types;
