//! Tells the formats of object files apart, and reads a file in its own.

use cgo_csyntax::message::Message;

use crate::tables::{Machine, Tables};
use crate::{coff, elf, macho, wasm};

/// The supported formats.
pub(crate) enum Format {
    Elf,
    Coff(coff::CoffProcessor),
    MachO,
    Wasm,
}

impl Format {
    pub(crate) fn of(bytes: &[u8]) -> Option<Format> {
        if elf::is_elf(bytes) {
            return Some(Format::Elf);
        }
        if wasm::is_wasm(bytes) {
            return Some(Format::Wasm);
        }
        match macho::machine(bytes) {
            Some(_) => Some(Format::MachO),
            None => coff::processor(bytes).map(Format::Coff),
        }
    }
}

/// Reads the tables of an object file.
pub fn read(bytes: &[u8]) -> Result<Tables<'_>, Message> {
    let format = Format::of(bytes).ok_or(
        Message::new("unsupported object file format")
            .help("build for a target with ELF, COFF, 64-bit Mach-O or WebAssembly"),
    )?;
    let tables = match format {
        Format::Elf => elf::read(bytes),
        Format::Coff(processor) => coff::read(bytes, processor),
        Format::MachO => macho::read(bytes),
        Format::Wasm => wasm::read(bytes),
    };
    tables.map_err(|reason| {
        Message::from(reason).prefixed("cannot read the compiler's object file: ")
    })
}

/// The machine that an object file is for; `None` if its format is not supported.
pub fn machine(bytes: &[u8]) -> Option<Machine> {
    let machine = elf::machine(bytes).or_else(|| macho::machine(bytes));
    let machine = machine.or_else(|| wasm::machine(bytes));
    machine.or_else(|| coff::machine(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_named() {
        let bitcode = b"BC\xc0\xde";
        assert!(
            read(bitcode).is_err_and(|error| error.text.contains("unsupported object file format"))
        );
    }
}
