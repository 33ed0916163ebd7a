//! A writer for each kind of item.

pub(crate) mod accessors;
pub(crate) mod cgo_types;
pub(crate) mod constants;
pub(crate) mod derives;
pub(crate) mod expressions;
pub(crate) mod extern_functions;
pub(crate) mod flexible_arrays;
pub(crate) mod functions;
pub(crate) mod method_names;
pub(crate) mod named_types;
pub(crate) mod newtype_enums;
pub(crate) mod output;
pub(crate) mod parameters;
pub(crate) mod records;
pub(crate) mod rust_enums;
pub(crate) mod shimmed_functions;
pub(crate) mod short_names;
pub(crate) mod sizes;
pub(crate) mod unsupported;
pub(crate) mod values;
pub(crate) mod variables;
