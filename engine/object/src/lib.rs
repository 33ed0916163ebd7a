//! Reads object files, ELF, COFF, Mach-O and WebAssembly of any width and byte order, and writes static libraries of them.
//!
//! `elf.rs`, `coff.rs`, `macho.rs` and `wasm.rs` read the tables that all formats have. `link_info.rs` reads from these what matters to a linker.

// For the engine's other crates alone, where a field's name often says all there is to say.
#![allow(missing_docs)]

pub mod archive;
mod bytes;
mod coff;
mod cursor;
mod elf;
mod elf_relocations;
mod format;
pub mod import_library;
mod link_info;
pub mod machines;
mod macho;
mod sections;
mod tables;
mod wasm;

pub use self::bytes::{Bytes, number, store};
pub use self::cursor::Cursor;
pub use self::elf::soname;
pub use self::format::{machine, read};
pub use self::link_info::{LinkInfo, link_info, override_each_other, with_kept_sets, with_renamed};
pub use self::macho::install_name;
pub use self::sections::{DebugSection, Purpose};
pub use self::tables::{Change, Machine, Relocation, Section, Symbol, Tables};
