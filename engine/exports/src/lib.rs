//! Reads what `#[export_c]` exports to C: an item's tokens in, an [`Export`] out; and a crate's sources in, the declarations of its C
//! header out. The macro and the header are both made from an [`Export`].

mod context;
mod crate_scan;
mod find;
#[cfg(test)]
mod fuzz;
mod header;
mod item;
mod value;

pub use cgo_csyntax::cfg::Cfg;
pub use cgo_csyntax::exports::{DeclaredExport, Exports};
pub use context::CrateContext;
pub use find::{find, of_text};
pub use item::attribute::{Options, PanicRule};
pub use item::export::{
    Binding, Enumeration, Export, ExportedFunction, ExportedRecord, Field, Item, Parameter, Static,
    Variant,
};
pub use item::form::Form;
pub use item::lengths::{Length, lengths};
pub use item::read::read;
