//! Tells the formats of object files apart.

use cgo_csyntax::target::ObjectFormat;

use super::tables::Machine;
use super::{coff, elf, macho, wasm};

/// The supported formats.
pub(super) enum Format {
    Elf,
    Coff(coff::Processor),
    MachO,
    Wasm,
}

impl Format {
    pub(super) fn of(bytes: &[u8]) -> Option<Format> {
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

/// The machine that an object file is for; `None` if its format is not supported.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    let machine = elf::machine(bytes).or_else(|| macho::machine(bytes));
    let machine = machine.or_else(|| wasm::machine(bytes));
    machine.or_else(|| {
        let processor = coff::processor(bytes)?;
        Some(Machine {
            format: ObjectFormat::Coff,
            number: u64::from(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?])),
            word: processor.word(),
            little_endian: true,
        })
    })
}
