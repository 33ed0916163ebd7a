//! Reads the tables of COFF object files, which compilers for Windows write.
//!
//! Names and numbers are those of the "PE Format" specification, chapters 3 to 5.

use cgo_csyntax::message::Reason;
use cgo_csyntax::target::ObjectFormat;

use crate::bytes::Bytes;
use crate::machines;
use crate::sections::Purpose;
use crate::tables::{Change, Machine, Relocation, Section, Symbol, Tables};

/// The differences between processors.
#[derive(Clone, Copy)]
pub(crate) struct CoffProcessor {
    pointer_size: u8,
    /// The prefix of C's names.
    prefix: &'static str,
    /// The types of relocations that store an address or an offset in a section, with their sizes.
    absolute: &'static [(u64, usize)],
}

/// The processor that the file is for; `None` if it is not COFF, or the processor is not supported.
pub(crate) fn processor(bytes: &[u8]) -> Option<CoffProcessor> {
    Some(match number(bytes)? {
        // IMAGE_REL_AMD64_ADDR64, ADDR32, SECREL.
        machines::IMAGE_FILE_MACHINE_AMD64 => CoffProcessor {
            pointer_size: 8,
            prefix: "",
            absolute: &[(1, 8), (2, 4), (11, 4)],
        },
        // IMAGE_REL_I386_DIR32, SECREL.
        machines::IMAGE_FILE_MACHINE_I386 => CoffProcessor {
            pointer_size: 4,
            prefix: "_",
            absolute: &[(6, 4), (11, 4)],
        },
        // IMAGE_REL_ARM64_ADDR32, SECREL, ADDR64.
        machines::IMAGE_FILE_MACHINE_ARM64 => CoffProcessor {
            pointer_size: 8,
            prefix: "",
            absolute: &[(1, 4), (8, 4), (14, 8)],
        },
        _ => return None,
    })
}

/// The machine that the file is for.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    Some(Machine {
        format: ObjectFormat::Coff,
        number: number(bytes)?,
        word: u64::from(processor(bytes)?.pointer_size),
        little_endian: true,
    })
}

fn number(bytes: &[u8]) -> Option<u64> {
    let number = bytes.first_chunk()?;
    Some(u64::from(u16::from_le_bytes(*number)))
}

const FILE_HEADER: u64 = 20;
const SECTION_HEADER: u64 = 40;
const RELOCATION: u64 = 10;
const SYMBOL: u64 = 18;

const CNT_UNINITIALIZED_DATA: u64 = 0x80;
const MEM_DISCARDABLE: u64 = 0x0200_0000;
/// The first relocation holds their number.
const LNK_NRELOC_OVFL: u64 = 0x0100_0000;
const CLASS_EXTERNAL: u64 = 2;
const CLASS_STATIC: u64 = 3;
const CLASS_WEAK_EXTERNAL: u64 = 105;

/// Reads an object file for this processor.
pub(crate) fn read(all: &[u8], processor: CoffProcessor) -> Result<Tables<'_>, Reason> {
    tables(all, processor).ok_or(Reason::new("it is truncated or damaged"))
}

fn tables(all: &[u8], processor: CoffProcessor) -> Option<Tables<'_>> {
    let bytes = Bytes {
        all,
        little_endian: true,
    };
    let (sections, symbols) = (bytes.unsigned(2, 2)?, bytes.unsigned(8, 4)?);
    let (symbol_count, optional_header) = (bytes.unsigned(12, 4)?, bytes.unsigned(16, 2)?);
    // The string table follows the symbols. It has the names that are longer than 8 bytes.
    let strings_start = symbols.checked_add(symbol_count.checked_mul(SYMBOL)?)?;
    let strings_length = bytes.unsigned(strings_start, 4).unwrap_or(0);
    let strings = bytes.part(strings_start, strings_length)?;
    let first = FILE_HEADER + optional_header;
    // Tables that overlap could hold more than there is memory.
    let mut left = all.len() as u64;
    Some(Tables {
        little_endian: true,
        pointer_size: processor.pointer_size,
        prefix: processor.prefix,
        lists_startup: false,
        sections: (0..sections)
            .map(|number| {
                let at = first + number * SECTION_HEADER;
                section(bytes, strings, at, processor, &mut left)
            })
            .collect::<Option<_>>()?,
        symbols: read_symbols(bytes, strings, symbols, symbol_count)?,
    })
}

fn section<'a>(
    bytes: Bytes<'a>,
    strings: Bytes<'a>,
    at: u64,
    processor: CoffProcessor,
    left: &mut u64,
) -> Option<Section<'a>> {
    let header = bytes.part(at, SECTION_HEADER)?;
    let short = short_name(header)?;
    let name = match short.strip_prefix('/') {
        Some(number) => strings.name(number.parse().ok()?)?,
        None => short,
    };
    let flags = header.unsigned(36, 4)?;
    let contents = match flags & CNT_UNINITIALIZED_DATA {
        0 => bytes.part(header.unsigned(20, 4)?, header.unsigned(16, 4)?)?,
        _ => bytes.part(0, 0)?,
    };
    let start = header.unsigned(24, 4)?;
    let (mut count, mut first) = (header.unsigned(32, 2)?, 0);
    if flags & LNK_NRELOC_OVFL != 0 {
        (count, first) = (bytes.unsigned(start, 4)?, 1);
    }
    *left = left.checked_sub(count * RELOCATION)?;
    let mut relocations = Vec::new();
    for number in first..count {
        let entry = bytes.part(start + number * RELOCATION, RELOCATION)?;
        let kind = entry.unsigned(8, 2)?;
        if let Some((_, size)) = processor.absolute.iter().find(|row| row.0 == kind) {
            relocations.push(Relocation {
                offset: entry.unsigned(0, 4)?,
                symbol: entry.unsigned(4, 4)? as usize,
                change: Change::Set,
                size: *size,
                addend: None,
            });
        }
    }
    Some(Section {
        purpose: Purpose::of(name, flags & MEM_DISCARDABLE == 0),
        bytes: contents.all,
        relocations,
    })
}

/// A name of at most 8 bytes. A shorter one ends at a NUL.
fn short_name(bytes: Bytes<'_>) -> Option<&str> {
    let name = bytes.part(0, 8)?.all;
    let end = name.iter().position(|&byte| byte == 0);
    std::str::from_utf8(&name[..end.unwrap_or(8)]).ok()
}

fn read_symbols<'a>(
    bytes: Bytes<'a>,
    strings: Bytes<'a>,
    start: u64,
    count: u64,
) -> Option<Vec<Symbol<'a>>> {
    let mut symbols = Vec::new();
    while (symbols.len() as u64) < count {
        let entry = bytes.part(start + symbols.len() as u64 * SYMBOL, SYMBOL)?;
        let name = match entry.unsigned(0, 4)? {
            0 => strings.name(entry.unsigned(4, 4)?),
            _ => short_name(entry),
        };
        // Counted from 1. Zero and negative numbers are not sections.
        let section = entry.unsigned(12, 2)? as i16;
        let class = entry.unsigned(16, 1)?;
        let auxiliary = entry.unsigned(17, 1)?;
        symbols.push(Symbol {
            name: name.unwrap_or_default(),
            section: usize::try_from(i32::from(section) - 1).ok(),
            value: entry.unsigned(8, 4)?,
            // Chapter 5.5.5: an auxiliary record about the section follows.
            is_section: class == CLASS_STATIC && auxiliary > 0,
            is_global: class == CLASS_EXTERNAL,
            is_weak: class == CLASS_WEAK_EXTERNAL,
            // Its value is its size then.
            is_common: class == CLASS_EXTERNAL && section == 0 && entry.unsigned(8, 4)? > 0,
            is_import: false,
        });
        // Auxiliary records count in the indices of symbols.
        for _ in 0..auxiliary {
            symbols.push(Symbol::default());
        }
    }
    Some(symbols)
}
