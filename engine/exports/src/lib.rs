//! Reads what `#[export_c]` exports to C: an item's tokens in, an [`Export`] out. Both what the macro expands to and the header are made
//! from it: an [`Export`] in, Rust tokens out; and a crate's sources in, the declarations of its C header out.

mod context;
mod crate_scan;
mod expansion;
mod find;
#[cfg(test)]
mod fuzz;
mod header;
mod item;
mod token_map;
mod value;

pub use cgo_csyntax::cfg::Cfg;
pub use cgo_csyntax::exports::{DeclaredExport, Exports};
pub use context::CrateContext;
pub use expansion::writer::ExportWriter;
pub use find::{find, of_text};
pub use item::attribute::{Options, PanicRule};
pub use item::export::Export;
pub use item::read::read;
