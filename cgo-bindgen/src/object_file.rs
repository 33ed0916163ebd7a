//! Opens the probe's object file: its debug sections with relocations applied, and the bytes behind our symbols.

use std::collections::HashMap;

use object::read::elf::ElfFile;
use object::{Object, ObjectSection, ObjectSymbol, RelocationKind, RelocationTarget, SymbolKind};

/// What is read of an object file.
#[derive(Debug, Default)]
pub(crate) struct ObjectFile {
    pub(crate) little_endian: bool,
    pub(crate) pointer_size: u8,
    /// The debug sections by the name that ELF gives them (`.debug_info`).
    debug: HashMap<String, Vec<u8>>,
    /// The bytes from each of our symbols to the end of its section.
    data: HashMap<String, Vec<u8>>,
    /// The symbols that the words of an array point to, by the array's symbol.
    references: HashMap<String, HashMap<u64, String>>,
}

impl ObjectFile {
    /// A debug section; an absent one is empty.
    pub(crate) fn debug_section(&self, name: &str) -> &[u8] {
        self.debug.get(name).map_or(&[], Vec::as_slice)
    }

    /// The bytes that start at one of our symbols.
    pub(crate) fn data(&self, symbol: &str) -> &[u8] {
        self.data.get(symbol).map_or(&[], Vec::as_slice)
    }

    /// The symbol whose address stands at `index` of an array of pointers.
    pub(crate) fn reference(&self, array: &str, index: usize) -> Option<&str> {
        let offset = (index * usize::from(self.pointer_size)) as u64;
        self.references.get(array)?.get(&offset).map(String::as_str)
    }

    /// The unsigned integers of an array, `size` bytes each.
    pub(crate) fn integers(&self, array: &str, size: usize) -> Vec<u64> {
        let read = |bytes: &[u8]| {
            let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
            if self.little_endian {
                bytes.iter().rev().fold(0, fold)
            } else {
                bytes.iter().fold(0, fold)
            }
        };
        self.data(array).chunks_exact(size).map(read).collect()
    }
}

/// Reads an ELF object file of either width.
pub(crate) fn read(bytes: &[u8]) -> Result<ObjectFile, String> {
    if !bytes.starts_with(b"\x7fELF") {
        return Err(
            "the C compiler's object files are not ELF, and those of other systems (macOS, Windows) cannot be read yet: \
             build for Linux or another ELF target"
                .to_string(),
        );
    }
    // The fifth byte of ELF's header is its class: 1 for 32 bits, 2 for 64.
    let file = match bytes.get(4) {
        Some(1) => ElfFile::<object::elf::FileHeader32<object::Endianness>>::parse(bytes)
            .map(|file| read_file(&file)),
        _ => ElfFile::<object::elf::FileHeader64<object::Endianness>>::parse(bytes)
            .map(|file| read_file(&file)),
    };
    file.and_then(|file| file)
        .map_err(|error| format!("the compiler's object file cannot be read: {error}"))
}

fn read_file<'data>(file: &impl Object<'data>) -> object::Result<ObjectFile> {
    let mut found = ObjectFile {
        little_endian: file.is_little_endian(),
        pointer_size: if file.is_64() { 8 } else { 4 },
        ..ObjectFile::default()
    };
    for section in file.sections() {
        if let Ok(name) = section.name()
            && name.starts_with(".debug_")
        {
            found
                .debug
                .insert(name.to_string(), relocated(file, &section)?);
        }
    }
    for symbol in file.symbols() {
        let Some(name) = symbol.name().ok().and_then(our_name) else {
            continue;
        };
        let Some(section) = symbol.section_index() else {
            continue;
        };
        let section = file.section_by_index(section)?;
        // In an object file that is not linked yet, sections start at address 0.
        let start = symbol.address().saturating_sub(section.address());
        if name == crate::probe::SYMBOLS {
            found
                .references
                .insert(name.to_string(), references(file, &section, start)?);
        }
        let bytes = section.data()?.get(start as usize..).unwrap_or_default();
        found.data.insert(name.to_string(), bytes.to_vec());
    }
    Ok(found)
}

/// gcc adds `.12` to a local variable's symbol, clang puts the function before it.
fn our_name(symbol: &str) -> Option<&str> {
    let local = symbol
        .rsplit_once("_cgo_probe.")
        .map_or(symbol, |(_, local)| local);
    let name = local.split('.').next()?;
    name.starts_with("_cgo_").then_some(name)
}

fn references<'data, O: Object<'data>>(
    file: &O,
    section: &O::Section<'_>,
    start: u64,
) -> object::Result<HashMap<u64, String>> {
    let mut found = HashMap::new();
    for (offset, relocation) in section.relocations() {
        if let RelocationTarget::Symbol(index) = relocation.target()
            && offset >= start
        {
            let symbol = file.symbol_by_index(index)?;
            if symbol.kind() != SymbolKind::Section {
                found.insert(offset - start, symbol.name()?.to_string());
            }
        }
    }
    Ok(found)
}

/// A section's bytes with its relocations applied, as if every section were linked at address 0.
fn relocated<'data, O: Object<'data>>(
    file: &O,
    section: &O::Section<'_>,
) -> object::Result<Vec<u8>> {
    let mut bytes = section.data()?.to_vec();
    let little = file.is_little_endian();
    for (offset, relocation) in section.relocations() {
        let size = usize::from(relocation.size() / 8);
        let absolute = matches!(
            relocation.kind(),
            RelocationKind::Absolute | RelocationKind::SectionOffset
        );
        let place = (offset as usize)..(offset as usize).saturating_add(size);
        let (true, RelocationTarget::Symbol(index), Some(place)) = (
            absolute && matches!(size, 4 | 8),
            relocation.target(),
            bytes.get_mut(place),
        ) else {
            continue;
        };
        let mut value = file
            .symbol_by_index(index)?
            .address()
            .wrapping_add(relocation.addend() as u64);
        if relocation.has_implicit_addend() {
            let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
            value = value.wrapping_add(if little {
                place.iter().rev().fold(0, fold)
            } else {
                place.iter().fold(0, fold)
            });
        }
        for (index, byte) in place.iter_mut().enumerate() {
            let shift = if little { index } else { size - 1 - index };
            *byte = (value >> (8 * shift)) as u8;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_named() {
        let macho = [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1];
        assert!(read(&macho).is_err_and(|error| error.contains("not ELF")));
    }
}
