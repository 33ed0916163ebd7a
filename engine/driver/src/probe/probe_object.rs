//! Finds in the object file of the probe what holds its answers: the debug sections with their relocations applied, and the bytes of the
//! probe's symbols.

use std::collections::{HashMap, HashSet};

use cgo_csyntax::message::Message;
use cgo_object::{self, Change, DebugSection, Purpose, Relocation, Section, Tables, number, store};

use crate::probe::write::SYMBOLS;

/// The parts of an object file that hold the probe.
#[derive(Debug, Default)]
pub(crate) struct ProbeObject<'a> {
    pub(crate) little_endian: bool,
    pub(crate) pointer_size: u8,
    /// The debug sections, in the order of [`DebugSection::ALL`].
    debug: [Vec<u8>; DebugSection::ALL.len()],
    /// The bytes from each symbol of the probe to the end of its section.
    data: HashMap<&'a str, &'a [u8]>,
    /// The symbols that [`SYMBOLS`] points to, by their offset in it.
    references: HashMap<u64, &'a str>,
    /// The weak symbols that the file does not define.
    weak: HashSet<&'a str>,
    /// The functions that are imports of the linked module.
    imports: HashSet<&'a str>,
}

impl ProbeObject<'_> {
    /// The bytes of a debug section, none if it is absent.
    pub(crate) fn debug_section(&self, section: DebugSection) -> &[u8] {
        &self.debug[section as usize]
    }

    /// The bytes that start at a symbol of the probe.
    pub(crate) fn data(&self, symbol: &str) -> &[u8] {
        self.data.get(symbol).copied().unwrap_or_default()
    }

    /// The symbol whose address is element `index` of the array of symbols.
    pub(crate) fn reference(&self, index: usize) -> Option<&str> {
        let offset = (index * usize::from(self.pointer_size)) as u64;
        self.references.get(&offset).copied()
    }

    /// Whether a program can be linked without a definition of this symbol.
    pub(crate) fn may_be_missing(&self, symbol: &str) -> bool {
        self.weak.contains(symbol)
    }

    /// Whether this function is an import of the linked module.
    pub(crate) fn is_import(&self, symbol: &str) -> bool {
        self.imports.contains(symbol)
    }

    /// The elements of an array of unsigned integers of `size` bytes.
    pub(crate) fn integers(&self, array: &str, size: usize) -> Vec<u64> {
        let each = self.data(array).chunks_exact(size);
        each.map(|bytes| number(bytes, self.little_endian))
            .collect()
    }
}

/// Reads the object file of the probe.
pub(crate) fn read(bytes: &[u8]) -> Result<ProbeObject<'_>, Message> {
    Ok(found_in(&cgo_object::read(bytes)?))
}

fn found_in<'a>(tables: &Tables<'a>) -> ProbeObject<'a> {
    let mut found = ProbeObject {
        little_endian: tables.little_endian,
        pointer_size: tables.pointer_size,
        ..ProbeObject::default()
    };
    for debug in DebugSection::ALL {
        let mut sections = tables.sections.iter();
        if let Some(section) = sections.rfind(|section| section.purpose == Purpose::Debug(debug)) {
            found.debug[debug as usize] = relocated(tables, section);
        }
    }
    for symbol in &tables.symbols {
        if symbol.is_weak && symbol.section.is_none() {
            found.weak.insert(symbol.name);
        }
        if symbol.is_import {
            found.imports.insert(symbol.name);
        }
        let Some(name) = probe_name(symbol.name, tables.prefix) else {
            continue;
        };
        let section = symbol
            .section
            .and_then(|number| tables.sections.get(number));
        let Some((section, bytes)) = section.and_then(|section| {
            let start = usize::try_from(symbol.value).ok()?;
            Some((section, section.bytes.get(start..)?))
        }) else {
            continue;
        };
        let is_first = found.data.insert(name, bytes).is_none();
        if name == SYMBOLS && is_first {
            found.references = references(tables, section, symbol.value);
        }
    }
    found
}

/// The name of a symbol of the probe. gcc appends `.12` to the symbol of a local variable, clang puts the function before it.
fn probe_name<'a>(symbol: &'a str, prefix: &str) -> Option<&'a str> {
    let symbol = symbol.strip_prefix(prefix)?;
    let local = symbol
        .rsplit_once("_cgo_probe.")
        .map_or(symbol, |(_, local)| local);
    let name = local.split('.').next()?;
    name.starts_with("_cgo_").then_some(name)
}

fn references<'a>(tables: &Tables<'a>, section: &Section<'_>, start: u64) -> HashMap<u64, &'a str> {
    // By section and address, for the assemblers for COFF.
    let mut defined = HashMap::new();
    for symbol in tables.symbols.iter().filter(|symbol| symbol.is_global) {
        let place = (symbol.section, symbol.value);
        defined.entry(place).or_insert(symbol.name);
    }
    let mut found = HashMap::new();
    for relocation in &section.relocations {
        if let Some(offset) = relocation.offset.checked_sub(start)
            && let Some(name) = referred(tables, section, relocation, &defined)
        {
            found.insert(offset, name);
        }
    }
    found
}

/// The symbol that a relocation refers to. For symbols of the same file, assemblers for COFF write the section and an offset in it.
fn referred<'a>(
    tables: &Tables<'a>,
    section: &Section<'_>,
    relocation: &Relocation,
    defined: &HashMap<(Option<usize>, u64), &'a str>,
) -> Option<&'a str> {
    let symbol = tables.symbols.get(relocation.symbol)?;
    if !symbol.is_section {
        return Some(symbol.name);
    }
    let start = usize::try_from(relocation.offset).ok()?;
    let place = section
        .bytes
        .get(start..start.checked_add(relocation.size)?)?;
    let there = number(place, tables.little_endian);
    let address = symbol
        .value
        .wrapping_add(relocation.addend.unwrap_or(there));
    defined.get(&(symbol.section, address)).copied()
}

/// The bytes of a section with its relocations applied, as if every section were linked at address 0.
fn relocated(tables: &Tables<'_>, section: &Section<'_>) -> Vec<u8> {
    let mut bytes = section.bytes.to_vec();
    let little_endian = tables.little_endian;
    for relocation in &section.relocations {
        let Some(symbol) = tables.symbols.get(relocation.symbol) else {
            continue;
        };
        let start = usize::try_from(relocation.offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(relocation.size);
        let Some(place) = bytes.get_mut(start..end) else {
            continue;
        };
        let there = number(place, little_endian);
        let addend = match (relocation.addend, relocation.change) {
            (Some(addend), _) => addend,
            (None, Change::Set) => there,
            (None, _) => 0,
        };
        let value = symbol.value.wrapping_add(addend);
        let value = match relocation.change {
            Change::Set => value,
            Change::Add => there.wrapping_add(value),
            Change::Subtract => there.wrapping_sub(value),
        };
        store(value, place, little_endian);
    }
    bytes
}
