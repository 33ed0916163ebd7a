//! Writes a static library: object files with the symbols that they define in, an archive with an index out. Reads the members of others.
//!
//! Each member of an archive has a text header. The first member is the index, from which a linker finds the member that defines a symbol.
//! There are two formats of the index and of long names. Linkers for ELF and WebAssembly and mingw's read that of System V and GNU, Apple's
//! reads that of BSD. Only the end of a long name is another one on Windows.

use std::io::{self, Read, Seek, SeekFrom};

use cgo_csyntax::diagnostic::{Outcome, fail};
use cgo_csyntax::target::ObjectFormat;

/// An object file of the library.
pub struct ArchiveMember<'a> {
    pub name: String,
    pub object: &'a [u8],
    /// The symbols that it defines, as the object file has them.
    pub symbols: &'a [String],
}

/// The bytes of the archive. The same members give the same bytes: there is no time, user or mode in them.
pub fn write(members: &[ArchiveMember<'_>], format: ObjectFormat) -> Outcome<Vec<u8>> {
    if format == ObjectFormat::Coff && members.len() > usize::from(u16::MAX) {
        return fail("there are more than 65535 files of C, the limit of a static library");
    }
    // The index is before the members, and its size does not depend on their offsets.
    let mut places = vec![0; members.len()];
    let mut archive = front(members, &places, format);
    let mut at = archive.len();
    for (place, member) in places.iter_mut().zip(members) {
        let Ok(offset) = u32::try_from(at) else {
            return fail(
                "the objects of the C are larger than 4 GB, the limit of a static library",
            );
        };
        *place = offset;
        at += size(member, format);
    }
    archive = front(members, &places, format);
    let mut long_name = 0;
    for member in members {
        match format {
            ObjectFormat::MachO => push_named(&mut archive, &member.name, member.object),
            ObjectFormat::Elf | ObjectFormat::Coff | ObjectFormat::Wasm
                if is_long(&member.name) =>
            {
                push(&mut archive, &format!("/{long_name}"), &[member.object]);
                long_name += member.name.len() + long_name_end(format).len();
            }
            ObjectFormat::Elf | ObjectFormat::Coff | ObjectFormat::Wasm => {
                push(&mut archive, &format!("{}/", member.name), &[member.object])
            }
        }
    }
    Ok(archive)
}

/// The first bytes of an archive.
pub const MAGIC: &[u8; 8] = b"!<arch>\n";
/// Those of a thin archive, which only lists its members.
pub const THIN_MAGIC: &[u8; 8] = b"!<thin>\n";
/// The bytes before each member.
const HEADER: usize = 60;

/// The contents of the members; none if the bytes are no archive.
pub fn contents(archive: &[u8]) -> Vec<&[u8]> {
    let mut contents = Vec::new();
    let mut rest = archive.strip_prefix(MAGIC).unwrap_or_default();
    while let Some((content, next)) = member(rest) {
        contents.push(content);
        rest = next;
    }
    contents
}

/// The first object of an archive, before which are its index and its long names.
pub fn first_object(archive: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let mut at = MAGIC.len() as u64;
    loop {
        let mut header = [0; HEADER];
        archive.seek(SeekFrom::Start(at))?;
        archive.read_exact(&mut header)?;
        let field = |from, to| str::from_utf8(&header[from..to]).map(str::trim_end);
        let (Ok(name), Ok(Ok(size))) = (field(0, 16), field(48, 58).map(str::parse::<u64>)) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        if !matches!(name, "/" | "//" | "/SYM64/" | "/<ECSYMBOLS>/") {
            let mut content = Vec::new();
            archive.take(size).read_to_end(&mut content)?;
            // BSD has the name before the content, and gives its index one.
            let of_name = name.strip_prefix("#1/").and_then(|size| size.parse().ok());
            let object = content.split_off(content.len().min(of_name.unwrap_or(0)));
            if !name.starts_with("__.SYMDEF") && !content.starts_with(b"__.SYMDEF") {
                return Ok(object);
            }
        }
        at = at.saturating_add(HEADER as u64 + size.next_multiple_of(2));
    }
}

/// The content of the first member, and what is behind it.
fn member(members: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = std::str::from_utf8(members.get(48..58)?).ok()?;
    let size: usize = size.trim_end().parse().ok()?;
    let content = members.get(HEADER..)?.get(..size)?;
    let end = HEADER + size.next_multiple_of(2);
    Some((content, members.get(end..).unwrap_or_default()))
}

/// What comes before the members.
fn front(members: &[ArchiveMember<'_>], places: &[u32], format: ObjectFormat) -> Vec<u8> {
    let mut archive = MAGIC.to_vec();
    match format {
        ObjectFormat::Elf | ObjectFormat::Coff | ObjectFormat::Wasm => {
            push(&mut archive, "/", &[&gnu_index(members, places)]);
            if format == ObjectFormat::Coff {
                push(&mut archive, "/", &[&coff_index(members, places)]);
            }
            let long_names = long_names(members, format);
            if !long_names.is_empty() {
                push(&mut archive, "//", &[long_names.as_bytes()]);
            }
        }
        ObjectFormat::MachO => push_named(&mut archive, "__.SYMDEF", &bsd_index(members, places)),
    }
    archive
}

/// The size of a member with its header.
fn size(member: &ArchiveMember<'_>, format: ObjectFormat) -> usize {
    match format {
        ObjectFormat::Elf | ObjectFormat::Coff | ObjectFormat::Wasm => {
            HEADER + member.object.len().next_multiple_of(2)
        }
        ObjectFormat::MachO => {
            HEADER + padded(&member.name).len() + member.object.len().next_multiple_of(ALIGN)
        }
    }
}

/// The symbols, each with the offset of its member.
fn symbols<'m>(members: &'m [ArchiveMember<'_>], places: &[u32]) -> Vec<(&'m str, u32)> {
    let mut symbols = Vec::new();
    for (member, place) in members.iter().zip(places) {
        for symbol in member.symbols {
            symbols.push((symbol.as_str(), *place));
        }
    }
    symbols
}

/// The number of symbols, the offsets of their members, and their names. Numbers are big-endian.
fn gnu_index(members: &[ArchiveMember<'_>], places: &[u32]) -> Vec<u8> {
    let symbols = symbols(members, places);
    // There are fewer symbols than bytes.
    let mut index = (symbols.len() as u32).to_be_bytes().to_vec();
    for (_, place) in &symbols {
        index.extend(place.to_be_bytes());
    }
    for (symbol, _) in symbols {
        index.extend(symbol.as_bytes());
        index.push(0);
    }
    index
}

/// The number of members and their offsets; the number of symbols, the number of each one's member, and their names, sorted (PE Format,
/// "Second Linker Member"). Numbers are little-endian, and members count from one.
fn coff_index(members: &[ArchiveMember<'_>], places: &[u32]) -> Vec<u8> {
    let mut index = (members.len() as u32).to_le_bytes().to_vec();
    for place in places {
        index.extend(place.to_le_bytes());
    }
    let numbers: Vec<u32> = (1..=members.len() as u32).collect();
    let mut symbols = symbols(members, &numbers);
    symbols.sort();
    index.extend((symbols.len() as u32).to_le_bytes());
    for (_, number) in &symbols {
        // `write` has rejected more members.
        index.extend((*number as u16).to_le_bytes());
    }
    for (symbol, _) in symbols {
        index.extend(symbol.as_bytes());
        index.push(0);
    }
    index
}

/// The size of the pairs; for each symbol the offsets of its name and its member; the size of the names; the names. Numbers are
/// little-endian.
fn bsd_index(members: &[ArchiveMember<'_>], places: &[u32]) -> Vec<u8> {
    let (mut pairs, mut names) = (Vec::new(), Vec::new());
    for (symbol, place) in symbols(members, places) {
        pairs.extend((names.len() as u32).to_le_bytes());
        pairs.extend(place.to_le_bytes());
        names.extend(symbol.as_bytes());
        names.push(0);
    }
    names.resize(names.len().next_multiple_of(ALIGN), 0);
    let mut index = (pairs.len() as u32).to_le_bytes().to_vec();
    index.extend(pairs);
    index.extend((names.len() as u32).to_le_bytes());
    index.extend(names);
    index
}

/// What ends a long name. Microsoft's linkers read to the zero, and GNU's read either.
fn long_name_end(format: ObjectFormat) -> &'static str {
    match format {
        ObjectFormat::Coff => "\0",
        ObjectFormat::Elf | ObjectFormat::Wasm | ObjectFormat::MachO => "/\n",
    }
}

/// Whether a name with a slash is too long for the sixteen bytes of the header.
fn is_long(name: &str) -> bool {
    name.len() > 15
}

/// The member with the names that are too long for a header.
fn long_names(members: &[ArchiveMember<'_>], format: ObjectFormat) -> String {
    let names = members.iter().map(|member| &member.name);
    let mut text = String::new();
    for name in names.filter(|name| is_long(name)) {
        text.push_str(name);
        text.push_str(long_name_end(format));
    }
    text
}

/// Apple's linker requires this alignment of objects.
const ALIGN: usize = 8;

/// A name with zeros behind it, so that the contents are aligned. The header is 4 bytes short of a multiple.
fn padded(name: &str) -> Vec<u8> {
    let mut bytes = name.as_bytes().to_vec();
    bytes.resize((bytes.len() + 4).next_multiple_of(ALIGN) - 4, 0);
    bytes
}

/// A member in BSD's format: the name is between header and contents, and counts as a part of the contents.
fn push_named(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let name = padded(name);
    let padding = content.len().next_multiple_of(ALIGN) - content.len();
    let field = format!("#1/{}", name.len());
    push(archive, &field, &[&name, content, &[0; ALIGN][..padding]]);
}

fn push(archive: &mut Vec<u8>, name: &str, parts: &[&[u8]]) {
    let size: usize = parts.iter().map(|part| part.len()).sum();
    let (time, user, group, mode) = (0, 0, 0, 644);
    let header = format!("{name:<16}{time:<12}{user:<6}{group:<6}{mode:<8}{size:<10}`\n");
    archive.extend(header.as_bytes());
    archive.extend(parts.concat());
    if size % 2 == 1 {
        archive.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    #[test]
    fn an_archiver_reads_members_and_index() {
        let folder = std::env::temp_dir().join(format!("cgo-archive-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let symbols = ["one".to_string(), "two".to_string()];
        let long = "a-name-of-more-than-fifteen-bytes.o".to_string();
        let members = [
            ArchiveMember {
                name: "odd.o".to_string(),
                object: b"odd",
                symbols: &symbols,
            },
            ArchiveMember {
                name: long.clone(),
                object: b"even",
                symbols: &[],
            },
            ArchiveMember {
                name: format!("another-{long}"),
                object: b"",
                symbols: &symbols[1..],
            },
        ];
        let archive = folder.join("library.a");
        fs::write(&archive, write(&members, ObjectFormat::Elf).unwrap()).unwrap();
        let listed = |options: &str| {
            let output = Command::new("ar").arg(options).arg(&archive).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        assert_eq!(listed("t"), format!("odd.o\n{long}\nanother-{long}\n"));
        assert_eq!(listed("p"), "oddeven");
        let output = Command::new("nm").arg("-s").arg(&archive).output().unwrap();
        let index = String::from_utf8_lossy(&output.stdout);
        let index: Vec<&str> = index.lines().filter(|line| line.contains(" in ")).collect();
        let expected = [
            "one in odd.o",
            "two in odd.o",
            &format!("two in another-{long}"),
        ];
        assert_eq!(index, expected);
        fs::remove_dir_all(&folder).unwrap();
    }

    /// Follows the second index by hand, as Microsoft's linker does.
    #[test]
    fn the_second_index_for_windows_is_sorted_and_leads_to_the_members() {
        let symbols = ["b".to_string(), "a".to_string()];
        let member = |name: &str, object, symbols| ArchiveMember {
            name: name.to_string(),
            object,
            symbols,
        };
        let members = [
            member("one.o", b"one", &symbols[..1]),
            member("two.o", b"two", &symbols[1..]),
        ];
        let archive = write(&members, ObjectFormat::Coff).unwrap();
        let number =
            |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        // Behind magic, header and the first index: a number, two offsets and two names.
        let header = MAGIC.len() + HEADER + 4 + 2 * 4 + 4;
        assert!(archive[header..].starts_with(b"/  "));
        let index = header + HEADER;
        assert_eq!(number(index), 2);
        let places = [number(index + 4), number(index + 8)];
        assert!(archive[places[0]..].starts_with(b"one.o/"));
        assert!(archive[places[1]..].starts_with(b"two.o/"));
        assert_eq!(number(index + 12), 2);
        assert_eq!(archive[index + 16..][..8], *b"\x02\0\x01\0a\0b\0");
    }

    #[test]
    fn the_first_object_is_behind_what_belongs_to_the_archive() {
        let symbols = ["one".to_string()];
        for format in [ObjectFormat::Elf, ObjectFormat::Coff, ObjectFormat::MachO] {
            let members =
                ["a-name-of-more-than-fifteen-bytes.o", "two.o"].map(|name| ArchiveMember {
                    name: name.to_string(),
                    object: name.as_bytes(),
                    symbols: &symbols,
                });
            let archive = write(&members, format).unwrap();
            let first = first_object(&mut io::Cursor::new(archive)).unwrap();
            assert!(first.starts_with(members[0].object), "{format:?}");
        }
        assert!(first_object(&mut io::Cursor::new(MAGIC)).is_err());
    }

    /// "PE Format", "Longnames Member".
    #[test]
    fn a_long_name_for_windows_ends_with_a_zero() {
        let long = "a-name-of-more-than-fifteen-bytes.o";
        let member = |name: &str| ArchiveMember {
            name: name.to_string(),
            object: b"",
            symbols: &[],
        };
        let members = [member(long), member(&format!("another-{long}"))];
        let archive = write(&members, ObjectFormat::Coff).unwrap();
        let archive = String::from_utf8(archive).unwrap();
        assert!(archive.contains(&format!("`\n{long}\0another-{long}\0")));
        assert!(archive.contains(&format!("/{:<15}", long.len() + 1)));
    }

    /// Follows the index by hand, as ld64 does: no tool for such archives is on every machine.
    #[test]
    fn the_index_of_bsd_leads_to_the_members() {
        let symbols = ["_one".to_string(), "_two".to_string()];
        let member = |name: &str, object, symbols| ArchiveMember {
            name: name.to_string(),
            object,
            symbols,
        };
        let members = [
            member("odd.o", b"odd", &symbols[..1]),
            member("a-longer-name.o", b"even", &symbols[1..]),
        ];
        let archive = write(&members, ObjectFormat::MachO).unwrap();
        let number =
            |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        // Behind magic, header and the name of 12 bytes.
        let index = MAGIC.len() + HEADER + padded("__.SYMDEF").len();
        assert_eq!(number(index), 16);
        let names = index + 4 + 16 + 4;
        for (nth, (symbol, member)) in symbols.iter().zip(&members).enumerate() {
            let pair = index + 4 + 8 * nth;
            assert!(archive[names + number(pair)..].starts_with(symbol.as_bytes()));
            let at = number(pair + 4);
            assert!(archive[at..].starts_with(b"#1/"));
            let object = at + HEADER + padded(&member.name).len();
            assert_eq!(object % ALIGN, 0);
            assert!(archive[at + HEADER..].starts_with(member.name.as_bytes()));
            assert!(archive[object..].starts_with(member.object));
        }
    }
}
