//! Reads the tables of 64-bit Mach-O object files, which compilers for Apple's systems write.
//!
//! Names and numbers are those of `<mach-o/loader.h>`, `<mach-o/fat.h>`, `<mach-o/nlist.h>` and `<mach-o/reloc.h>`.

use cgo_csyntax::message::Reason;
use cgo_csyntax::target::ObjectFormat;

use crate::bytes::Bytes;
use crate::sections::{DebugSection, Purpose, is_set};
use crate::tables::{Change, Machine, Relocation, Section, Symbol, Tables};

const HEADER: u64 = 32;
const SEGMENT_COMMAND: u64 = 72;
const SECTION_HEADER: u64 = 80;
const RELOCATION: u64 = 8;
const SYMBOL: u64 = 16;

const LC_SYMTAB: u64 = 2;
const LC_ID_DYLIB: u64 = 0xd;
const LC_SEGMENT_64: u64 = 0x19;

/// The types of sections that have no bytes in the file.
const ZEROFILL: [u64; 3] = [1, 0xc, 0x12];
const S_ATTR_DEBUG: u64 = 0x0200_0000;

const N_STAB: u64 = 0xe0;
const N_TYPE: u64 = 0x0e;
const N_SECT: u64 = 0x0e;
const N_EXT: u64 = 1;
const N_WEAK_REF: u64 = 0x40;
const N_WEAK_DEF: u64 = 0x80;

/// The machine that the file is for; `None` if it is not Mach-O.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    let rest = bytes.strip_prefix(&[0xcf, 0xfa, 0xed, 0xfe])?;
    let cpu_type = rest.first_chunk()?;
    Some(Machine {
        format: ObjectFormat::MachO,
        number: u64::from(u32::from_le_bytes(*cpu_type)),
        word: 8,
        little_endian: true,
    })
}

/// The path by which a shared library wants to be found; `None` if the file is no such library. In a file for several processors the
/// first one counts: a build gives them one name.
pub fn install_name(bytes: &[u8]) -> Option<&str> {
    if let Some(rest) = bytes.strip_prefix(&FAT_MAGIC) {
        // Behind the number of parts: processor, variant, offset and size of the first.
        let offset = u32::from_be_bytes(*rest.get(12..)?.first_chunk()?);
        let part = bytes.get(offset as usize..)?;
        return install_name_of_one(part);
    }
    install_name_of_one(bytes)
}

const FAT_MAGIC: [u8; 4] = [0xca, 0xfe, 0xba, 0xbe];

fn install_name_of_one(bytes: &[u8]) -> Option<&str> {
    machine(bytes)?;
    let bytes = Bytes {
        all: bytes,
        little_endian: true,
    };
    let commands = commands(bytes)?;
    let mut ids = commands
        .iter()
        .filter(|command| command.unsigned(0, 4) == Some(LC_ID_DYLIB));
    let id = ids.next()?;
    id.name(id.unsigned(8, 4)?)
}

/// The load commands, which tell of all other parts of a file.
fn commands(bytes: Bytes<'_>) -> Option<Vec<Bytes<'_>>> {
    let (mut commands, mut at) = (Vec::new(), HEADER);
    for _ in 0..bytes.unsigned(16, 4)? {
        let size = bytes.unsigned(at + 4, 4)?;
        commands.push(bytes.part(at, size)?);
        // The loop must end even if a command has no size.
        at += size.max(8);
    }
    Some(commands)
}

/// Reads an object file.
pub(crate) fn read(all: &[u8]) -> Result<Tables<'_>, Reason> {
    tables(all).ok_or(Reason::new("it is truncated or damaged"))
}

fn tables(all: &[u8]) -> Option<Tables<'_>> {
    let bytes = Bytes {
        all,
        little_endian: true,
    };
    let (mut headers, mut symbol_table) = (Vec::new(), None);
    for command in commands(bytes)? {
        match command.unsigned(0, 4)? {
            LC_SEGMENT_64 => {
                for number in 0..command.unsigned(64, 4)? {
                    let start = SEGMENT_COMMAND + number * SECTION_HEADER;
                    headers.push(command.part(start, SECTION_HEADER)?);
                }
            }
            LC_SYMTAB => symbol_table = Some(command),
            _ => {}
        }
    }
    let addresses = headers.iter().map(|header| header.unsigned(32, 8));
    let addresses: Vec<u64> = addresses.collect::<Option<_>>()?;
    let mut symbols = match symbol_table {
        Some(command) => read_symbols(bytes, command, &addresses)?,
        None => Vec::new(),
    };
    // A relocation may refer to a section instead of a symbol. Sections get indices behind the symbols. The value at such a place is an
    // address in the whole file.
    let first_section = symbols.len();
    symbols.extend(
        addresses
            .iter()
            .enumerate()
            .map(|(number, address)| Symbol {
                section: Some(number),
                value: address.wrapping_neg(),
                is_section: true,
                ..Symbol::default()
            }),
    );
    // Tables that overlap could hold more than there is memory.
    let mut left = all.len() as u64;
    let sections = headers
        .into_iter()
        .map(|header| section(bytes, header, first_section, &mut left));
    Some(Tables {
        little_endian: true,
        pointer_size: 8,
        prefix: "_",
        lists_startup: false,
        sections: sections.collect::<Option<_>>()?,
        symbols,
    })
}

/// What a section with this name, of at most 16 bytes, is for.
fn purpose(name: &str, flags: u64) -> Purpose {
    match name {
        "__debug_info" => Purpose::Debug(DebugSection::Info),
        "__debug_abbrev" => Purpose::Debug(DebugSection::Abbreviations),
        "__debug_str" => Purpose::Debug(DebugSection::Strings),
        "__debug_line_str" => Purpose::Debug(DebugSection::LineStrings),
        "__debug_str_offs" => Purpose::Debug(DebugSection::StringOffsets),
        "__mod_init_func" | "__init_offsets" | "__mod_term_func" => Purpose::Startup,
        // Those of the system start so. Other names are those of a program, as of a linker set.
        _ if flags & S_ATTR_DEBUG == 0 && !name.starts_with("__") && is_set(name) => {
            Purpose::LinkerSet
        }
        _ => Purpose::Other,
    }
}

fn section<'a>(
    bytes: Bytes<'a>,
    header: Bytes<'a>,
    first_section: usize,
    left: &mut u64,
) -> Option<Section<'a>> {
    let name = header.part(0, 16)?.all;
    let end = name.iter().position(|&byte| byte == 0);
    let name = std::str::from_utf8(&name[..end.unwrap_or(16)]).ok()?;
    let flags = header.unsigned(64, 4)?;
    let contents = match ZEROFILL.contains(&(flags & 0xff)) {
        true => bytes.part(0, 0)?,
        false => bytes.part(header.unsigned(48, 4)?, header.unsigned(40, 8)?)?,
    };
    let (start, count) = (header.unsigned(56, 4)?, header.unsigned(60, 4)?);
    *left = left.checked_sub(count * RELOCATION)?;
    let mut relocations = Vec::new();
    for number in 0..count {
        let entry = bytes.part(start + number * RELOCATION, RELOCATION)?;
        let info = entry.unsigned(4, 4)? as usize;
        let (number, is_symbol) = (info & 0xff_ffff, info >> 27 & 1 == 1);
        // X86_64_RELOC_UNSIGNED, ARM64_RELOC_UNSIGNED: an address.
        if info >> 28 == 0 {
            relocations.push(Relocation {
                offset: entry.unsigned(0, 4)?,
                symbol: match is_symbol {
                    true => number,
                    // Counted from 1.
                    false => first_section + number.checked_sub(1)?,
                },
                change: Change::Set,
                size: 1 << (info >> 25 & 3),
                addend: None,
            });
        }
    }
    Some(Section {
        purpose: purpose(name, flags),
        bytes: contents.all,
        relocations,
    })
}

fn read_symbols<'a>(
    bytes: Bytes<'a>,
    command: Bytes<'a>,
    addresses: &[u64],
) -> Option<Vec<Symbol<'a>>> {
    let (start, count) = (command.unsigned(8, 4)?, command.unsigned(12, 4)?);
    let strings = bytes.part(command.unsigned(16, 4)?, command.unsigned(20, 4)?)?;
    let entries = bytes.part(start, count * SYMBOL)?;
    let mut symbols = Vec::new();
    for number in 0..count {
        let entry = entries.part(number * SYMBOL, SYMBOL)?;
        let (kind, description) = (entry.unsigned(4, 1)?, entry.unsigned(6, 2)?);
        let (number, value) = (entry.unsigned(5, 1)?, entry.unsigned(8, 8)?);
        let is_global = kind & N_STAB == 0 && kind & N_EXT != 0;
        let is_defined = kind & (N_STAB | N_TYPE) == N_SECT;
        // Counted from 1.
        let section = is_defined.then(|| number.wrapping_sub(1) as usize);
        let address = section.and_then(|number| addresses.get(number));
        let weak = match section {
            Some(_) => N_WEAK_DEF,
            None => N_WEAK_REF,
        };
        symbols.push(Symbol {
            name: strings.name(entry.unsigned(0, 4)?).unwrap_or_default(),
            section,
            value: value.wrapping_sub(address.copied().unwrap_or(0)),
            is_section: false,
            is_global,
            is_weak: is_global && description & weak != 0,
            // Its value is its size then.
            is_common: is_global && kind & N_TYPE == 0 && value > 0,
            is_import: false,
        });
    }
    Some(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start of a shared library that has only its name.
    fn library(name: &str) -> Vec<u8> {
        let path_at = 24;
        let size = path_at + name.len() as u32 + 1;
        let command = [LC_ID_DYLIB as u32, size, path_at, 0, 0, 0];
        let header = [0xfeed_facf, 0x0100_000c, 0, 6, 1, size, 0, 0];
        let numbers = header.into_iter().chain(command);
        let mut bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes
    }

    #[test]
    fn a_library_names_itself() {
        let name = "/opt/lib/libfoo.1.dylib";
        assert_eq!(install_name(&library(name)), Some(name));
        assert_eq!(install_name(b"\x7fELF"), None);
    }

    #[test]
    fn a_library_for_several_processors_has_the_name_of_the_first() {
        let first = library("@rpath/libfoo.1.dylib");
        let fat = [
            0xcafe_babe_u32,
            1,
            0x0100_000c,
            0,
            28,
            first.len() as u32,
            0,
        ];
        let mut bytes: Vec<u8> = fat.into_iter().flat_map(u32::to_be_bytes).collect();
        bytes.extend(first);
        assert_eq!(install_name(&bytes), Some("@rpath/libfoo.1.dylib"));
    }
}
