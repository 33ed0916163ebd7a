//! Reads object files: ELF, COFF, Mach-O and WebAssembly of any width and byte order.
//!
//! `elf.rs`, `coff.rs`, `macho.rs` and `wasm.rs` read the tables that all formats have. `link_info.rs` reads from these what matters to a linker.

mod bytes;
mod coff;
mod cursor;
mod elf;
mod elf_relocations;
mod format;
mod link_info;
pub(crate) mod machines;
mod macho;
mod sections;
mod tables;
mod wasm;

pub(crate) use bytes::{Bytes, number, store};
pub(crate) use cursor::Cursor;
pub(crate) use elf::soname;
pub(crate) use format::{machine, read};
pub(crate) use link_info::{link_info, override_each_other, with_kept_sets, with_renamed};
pub(crate) use macho::install_name;
pub(crate) use sections::{DebugSection, Purpose};
pub(crate) use tables::{Change, Machine, Relocation, Section, Tables};
