//! Reads ELF of 32 and 64 bits in both byte orders: the tables of object files, and the `DT_SONAME` of shared libraries.
//!
//! Names and numbers are those of the System V ABI, chapters 4 and 5.

use cgo_csyntax::message::Reason;
use cgo_csyntax::target::ObjectFormat;

use crate::bytes::{Bytes, store};
use crate::elf_relocations::{Row, changes};
use crate::sections::Purpose;
use crate::tables::{Machine, Relocation, Section, Symbol, Tables};

const CLASS_64: u8 = 2;
const DATA_LITTLE: u8 = 1;

const SHT_SYMTAB: u64 = 2;
const SHT_RELA: u64 = 4;
const SHT_DYNAMIC: u64 = 6;
const SHT_NOBITS: u64 = 8;
const SHT_REL: u64 = 9;
const SHT_SYMTAB_SHNDX: u64 = 18;
const SHF_ALLOC: u64 = 2;
const SHF_EXECINSTR: u64 = 4;
const SHF_COMPRESSED: u64 = 0x800;
/// The linker does not remove the section as unused.
const SHF_GNU_RETAIN: u64 = 0x20_0000;
const SHN_UNDEF: u64 = 0;
/// From here on an index does not mean a section.
const SHN_LORESERVE: u64 = 0xff00;
const SHN_COMMON: u64 = 0xfff2;
/// The index is too large for its field, and stands elsewhere.
const SHN_XINDEX: u64 = 0xffff;
const STT_SECTION: u64 = 3;
const STB_LOCAL: u64 = 0;
const STB_WEAK: u64 = 2;
const DT_NULL: u64 = 0;
const DT_SONAME: u64 = 14;

const DAMAGED: &str = "it is truncated or damaged";

/// Reads the fields of a structure one after another. Some are as wide as an address.
struct Fields<'a> {
    bytes: Bytes<'a>,
    at: u64,
    word: u64,
}

impl Fields<'_> {
    fn next(&mut self, size: u64) -> Option<u64> {
        let value = self.bytes.unsigned(self.at, size)?;
        self.at = self.at.checked_add(size)?;
        Some(value)
    }

    fn half(&mut self) -> Option<u64> {
        self.next(2)
    }

    fn int(&mut self) -> Option<u64> {
        self.next(4)
    }

    fn word(&mut self) -> Option<u64> {
        self.next(self.word)
    }
}

/// A section's header.
struct Header {
    /// Its offset in the file.
    at: u64,
    name: u64,
    kind: u64,
    flags: u64,
    offset: u64,
    size: u64,
    link: u64,
    info: u64,
}

/// A file with its section headers read.
struct File<'a> {
    bytes: Bytes<'a>,
    /// The size of an address, in bytes.
    word: u64,
    machine: u64,
    headers: Vec<Header>,
    /// The index of the section with the names of sections.
    names: u64,
}

impl<'a> File<'a> {
    fn read(all: &'a [u8]) -> Option<File<'a>> {
        let bytes = Bytes {
            all,
            little_endian: *all.get(5)? == DATA_LITTLE,
        };
        let word = if *all.get(4)? == CLASS_64 { 8 } else { 4 };
        let machine = bytes.unsigned(18, 2)?;
        // Behind e_ident, e_type, e_machine, e_version, e_entry and e_phoff.
        let table = bytes.unsigned(24 + 2 * word, word)?;
        // Behind e_shoff, e_flags, e_ehsize, e_phentsize and e_phnum.
        let mut fields = Fields {
            bytes,
            at: 24 + 3 * word + 10,
            word,
        };
        let (size, count, names) = (fields.half()?, fields.half()?, fields.half()?);
        let mut file = File {
            bytes,
            word,
            machine,
            headers: Vec::new(),
            names,
        };
        // Numbers that do not fit stand in the header of section 0.
        let first = file.header(table)?;
        let count = if count == 0 { first.size } else { count };
        if names == SHN_XINDEX {
            file.names = first.link;
        }
        // With headers shorter than their fields, a small file could claim any number of them.
        if count > 0 && size < header_size(word) {
            return None;
        }
        for number in 0..count {
            let header = file.header(table.checked_add(number.checked_mul(size)?)?)?;
            file.headers.push(header);
        }
        Some(file)
    }

    fn fields(&self, at: u64) -> Fields<'a> {
        Fields {
            bytes: self.bytes,
            at,
            word: self.word,
        }
    }

    fn header(&self, at: u64) -> Option<Header> {
        let mut fields = self.fields(at);
        let (name, kind, flags) = (fields.int()?, fields.int()?, fields.word()?);
        let _address = fields.word()?;
        Some(Header {
            at,
            name,
            kind,
            flags,
            offset: fields.word()?,
            size: fields.word()?,
            link: fields.int()?,
            info: fields.int()?,
        })
    }

    fn section(&self, number: u64) -> Option<&Header> {
        self.headers.get(usize::try_from(number).ok()?)
    }

    fn contents(&self, header: &Header) -> Option<Bytes<'a>> {
        match header.kind {
            SHT_NOBITS => self.bytes.part(0, 0),
            _ => self.bytes.part(header.offset, header.size),
        }
    }

    fn strings(&self, number: u64) -> Option<Bytes<'a>> {
        self.contents(self.section(number)?)
    }

    /// The offset of each structure of a table.
    fn entries(&self, header: &Header, size: u64) -> Option<impl Iterator<Item = u64> + use<>> {
        self.contents(header)?;
        let start = header.offset;
        Some((0..header.size / size).map(move |number| start + number * size))
    }
}

/// The size of a section's header.
fn header_size(word: u64) -> u64 {
    16 + 6 * word
}

/// Whether the file begins like ELF.
pub(crate) fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7fELF")
}

/// Reads the sections and symbols of an object file.
pub(crate) fn index(bytes: &[u8]) -> Option<Tables<'_>> {
    tables(&File::read(bytes)?)
}

fn tables<'a>(file: &File<'a>) -> Option<Tables<'a>> {
    Some(Tables {
        little_endian: file.bytes.little_endian,
        pointer_size: file.word as u8,
        prefix: "",
        lists_startup: false,
        sections: sections(file)?,
        symbols: symbols(file)?,
    })
}

/// The file with the flag `SHF_GNU_RETAIN` on its linker sets; `None` if there are none.
pub(crate) fn with_retained_sets(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = File::read(bytes)?;
    let names = file.strings(file.names)?;
    let mut retained = None;
    for header in &file.headers {
        if purpose(header, names.name(header.name)?) != Purpose::LinkerSet {
            continue;
        }
        // Behind sh_name and sh_type.
        let place = usize::try_from(header.at.checked_add(8)?).ok()?;
        let end = place.checked_add(file.word as usize)?;
        let flags = header.flags | SHF_GNU_RETAIN;
        let all = retained.get_or_insert_with(|| bytes.to_vec());
        store(flags, all.get_mut(place..end)?, file.bytes.little_endian);
    }
    retained
}

/// The file with other names for the symbols that it does not define; `None` if `rename` renames none of them.
pub(crate) fn with_renamed(
    bytes: &[u8],
    rename: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let file = File::read(bytes)?;
    let table = file
        .headers
        .iter()
        .find(|header| header.kind == SHT_SYMTAB)?;
    let names = file.section(table.link)?;
    let mut strings = file.contents(names)?.all.to_vec();
    let mut all = bytes.to_vec();
    let put = |all: &mut Vec<u8>, at: u64, size: u64, value: u64| {
        let start = usize::try_from(at).ok()?;
        let place = all.get_mut(start..start.checked_add(size as usize)?)?;
        store(value, place, file.bytes.little_endian);
        Some(())
    };
    let size = if file.word == 8 { 24 } else { 16 };
    for (symbol, at) in symbols(&file)?.iter().zip(file.entries(table, size)?) {
        if !symbol.is_global || symbol.section.is_some() {
            continue;
        }
        if let Some(name) = rename(symbol.name) {
            // The first field of a symbol is the offset of its name.
            put(&mut all, at, 4, strings.len() as u64)?;
            strings.extend_from_slice(name.as_bytes());
            strings.push(0);
        }
    }
    if strings.len() as u64 == names.size {
        return None;
    }
    // The new string table is appended. In its header sh_offset and sh_size follow sh_name, sh_type, sh_flags and sh_addr.
    let place = names.at.checked_add(8 + 2 * file.word)?;
    let start = all.len() as u64;
    put(&mut all, place, file.word, start)?;
    put(&mut all, place + file.word, file.word, strings.len() as u64)?;
    all.append(&mut strings);
    Some(all)
}

/// The machine that the file is for.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    let file = is_elf(bytes).then(|| File::read(bytes))??;
    Some(Machine {
        format: ObjectFormat::Elf,
        number: file.machine,
        word: file.word,
        little_endian: file.bytes.little_endian,
    })
}

/// Reads an object file.
pub(crate) fn read(bytes: &[u8]) -> Result<Tables<'_>, Reason> {
    let file = File::read(bytes).ok_or(DAMAGED)?;
    let changes =
        changes(file.machine, file.word).ok_or("relocations of its processor are not supported")?;
    let mut tables = tables(&file).ok_or(DAMAGED)?;
    let is_compressed = |(section, header): (&Section<'_>, &Header)| {
        matches!(section.purpose, Purpose::Debug(_)) && header.flags & SHF_COMPRESSED != 0
    };
    if tables.sections.iter().zip(&file.headers).any(is_compressed) {
        return Err(Reason::new("its debug sections are compressed")
            .help("remove the flags `-gz` and `-Wa,--compress-debug-sections`"));
    }
    relocations(&file, changes, &mut tables).ok_or(DAMAGED)?;
    Ok(tables)
}

fn sections<'a>(file: &File<'a>) -> Option<Vec<Section<'a>>> {
    let names = file.strings(file.names)?;
    let mut sections = Vec::new();
    for header in &file.headers {
        sections.push(Section {
            purpose: purpose(header, names.name(header.name).unwrap_or_default()),
            bytes: file.contents(header)?.all,
            relocations: Vec::new(),
        });
    }
    Some(sections)
}

fn purpose(header: &Header, name: &str) -> Purpose {
    // An empty section of this name tells by its flags.
    match name == ".note.GNU-stack" && header.flags & SHF_EXECINSTR != 0 {
        true => Purpose::ExecutableStack,
        false => Purpose::of(name, header.flags & SHF_ALLOC != 0),
    }
}

fn symbols<'a>(file: &File<'a>) -> Option<Vec<Symbol<'a>>> {
    let mut symbols = Vec::new();
    let Some(number) = (file.headers.iter()).position(|header| header.kind == SHT_SYMTAB) else {
        return Some(symbols);
    };
    let header = &file.headers[number];
    let names = file.strings(header.link)?;
    let mut is_extension = file.headers.iter();
    let extension =
        is_extension.find(|header| header.kind == SHT_SYMTAB_SHNDX && header.link == number as u64);
    let size = if file.word == 8 { 24 } else { 16 };
    for (number, at) in file.entries(header, size)?.enumerate() {
        let mut fields = file.fields(at);
        let name = fields.int()?;
        let (value, info, mut section);
        if file.word == 8 {
            (info, _, section) = (fields.next(1)?, fields.next(1)?, fields.half()?);
            value = fields.word()?;
        } else {
            value = fields.word()?;
            fields.word()?;
            (info, _, section) = (fields.next(1)?, fields.next(1)?, fields.half()?);
        }
        let mut is_reserved = section == SHN_UNDEF || section >= SHN_LORESERVE;
        if section == SHN_XINDEX
            && let Some(extension) = extension
        {
            section = file.contents(extension)?.unsigned(4 * number as u64, 4)?;
            is_reserved = false;
        }
        symbols.push(Symbol {
            name: names.name(name).unwrap_or_default(),
            section: usize::try_from(section).ok().filter(|_| !is_reserved),
            value,
            is_section: info & 15 == STT_SECTION,
            is_global: info >> 4 != STB_LOCAL,
            is_weak: info >> 4 == STB_WEAK,
            is_common: is_reserved && section == SHN_COMMON,
            is_import: false,
        });
    }
    Some(symbols)
}

fn relocations(file: &File<'_>, changes: &[Row], tables: &mut Tables<'_>) -> Option<()> {
    // Tables that overlap could hold more than there is memory.
    let mut left = file.bytes.all.len() as u64;
    for header in &file.headers {
        let has_addend = header.kind == SHT_RELA;
        if !has_addend && header.kind != SHT_REL {
            continue;
        }
        left = left.checked_sub(header.size)?;
        let Some(section) = tables.sections.get_mut(usize::try_from(header.info).ok()?) else {
            continue;
        };
        let size = file.word * if has_addend { 3 } else { 2 };
        for at in file.entries(header, size)? {
            let mut fields = file.fields(at);
            let (offset, info) = (fields.word()?, fields.word()?);
            let (symbol, kind) = match file.word {
                8 => (info >> 32, info & 0xffff_ffff),
                _ => (info >> 8, info & 0xff),
            };
            let addend = match has_addend {
                true => Some(signed(fields.word()?, file.word)),
                false => None,
            };
            if let Some((_, change, size)) = changes.iter().find(|row| row.0 == kind) {
                section.relocations.push(Relocation {
                    offset,
                    symbol: usize::try_from(symbol).ok()?,
                    change: *change,
                    size: *size,
                    addend,
                });
            }
        }
    }
    Some(())
}

fn signed(value: u64, size: u64) -> u64 {
    match size {
        4 => i64::from(value as u32 as i32) as u64,
        _ => value,
    }
}

/// The `DT_SONAME` of a shared library: `Some(None)` if it has none, `None` if the file is not such a library.
pub fn soname(bytes: &[u8]) -> Option<Option<&str>> {
    if !is_elf(bytes) {
        return None;
    }
    let file = File::read(bytes)?;
    let mut headers = file.headers.iter();
    let dynamic = headers.find(|header| header.kind == SHT_DYNAMIC)?;
    for at in file.entries(dynamic, 2 * file.word)? {
        let mut fields = file.fields(at);
        match fields.word()? {
            DT_SONAME => return Some(Some(file.strings(dynamic.link)?.name(fields.word()?)?)),
            DT_NULL => break,
            _ => {}
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With headers of no length, any number of them would lie in the file.
    #[test]
    fn headers_that_overlap_are_none() {
        let mut file = vec![0; 128];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        // e_shoff; e_shnum is 0, so that sh_size of section 0 says how many there are.
        file[40] = 64;
        file[64 + 32..64 + 40].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(File::read(&file).is_none());
        // One header of 64 bytes.
        (file[58], file[60]) = (64, 1);
        assert!(File::read(&file).is_some_and(|file| file.headers.len() == 1));
    }
}
