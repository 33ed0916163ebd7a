//! Tells the formats of object files apart.

use super::tables::Machine;
use super::{coff, elf};

/// The formats of object files that are known here.
pub(super) enum Format {
    Elf,
    Coff(coff::Processor),
}

impl Format {
    pub(super) fn of(bytes: &[u8]) -> Option<Format> {
        match elf::is_elf(bytes) {
            true => Some(Format::Elf),
            false => coff::processor(bytes).map(Format::Coff),
        }
    }
}

/// Which machine an object file is for; `None` if it is no ELF or COFF file.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    elf::machine(bytes).or_else(|| {
        let processor = coff::processor(bytes)?;
        Some(Machine {
            number: u64::from(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?])),
            word: processor.word(),
            little_endian: true,
        })
    })
}
