//! Writes a static library: object files and the symbols that each defines in, an archive with its index out.
//!
//! The format is that of System V and GNU, which the linkers for ELF and mingw's read: a header of text before each member, and as
//! the first member the index, by which a linker finds the member that defines a symbol.

use cgo_csyntax::diagnostic::{Outcome, fail};

/// An object file that goes into the library.
pub(crate) struct Member<'a> {
    pub(crate) name: String,
    pub(crate) object: &'a [u8],
    /// The names, as the object file has them, that a linker may look for in it.
    pub(crate) symbols: &'a [String],
}

/// The bytes of the archive. The same members make the same bytes: no time, user or mode is in them.
pub(crate) fn write(members: &[Member<'_>]) -> Outcome<Vec<u8>> {
    let long_names = long_names(members);
    let mut at = MAGIC.len() + HEADER + even(index_size(members));
    if !long_names.is_empty() {
        at += HEADER + even(long_names.len());
    }
    let mut places = Vec::with_capacity(members.len());
    for member in members {
        let Ok(place) = u32::try_from(at) else {
            return fail(
                "the objects of this crate's C are more than 4 GB, which no static library holds",
            );
        };
        places.push(place);
        at += HEADER + even(member.object.len());
    }

    let mut archive = Vec::with_capacity(at);
    archive.extend(MAGIC);
    push(&mut archive, "/", &index(members, &places));
    if !long_names.is_empty() {
        push(&mut archive, "//", long_names.as_bytes());
    }
    let mut long_name = 0;
    for member in members {
        let field = match is_long(&member.name) {
            true => format!("/{long_name}"),
            false => format!("{}/", member.name),
        };
        if is_long(&member.name) {
            long_name += member.name.len() + LONG_NAME_END.len();
        }
        push(&mut archive, &field, member.object);
    }
    Ok(archive)
}

const MAGIC: &[u8] = b"!<arch>\n";
/// The bytes before each member.
const HEADER: usize = 60;
const LONG_NAME_END: &str = "/\n";

/// Whether a name, with the slash behind it, has no room in the header's sixteen bytes.
fn is_long(name: &str) -> bool {
    name.len() > 15
}

fn long_names(members: &[Member<'_>]) -> String {
    let names = members.iter().map(|member| &member.name);
    let mut text = String::new();
    for name in names.filter(|name| is_long(name)) {
        text.push_str(name);
        text.push_str(LONG_NAME_END);
    }
    text
}

fn index_size(members: &[Member<'_>]) -> usize {
    let symbols = members.iter().flat_map(|member| member.symbols);
    4 + symbols.map(|symbol| 4 + symbol.len() + 1).sum::<usize>()
}

/// How many symbols, the place of each one's member, and the names, in the same order. Numbers have the highest byte first.
fn index(members: &[Member<'_>], places: &[u32]) -> Vec<u8> {
    let count: usize = members.iter().map(|member| member.symbols.len()).sum();
    let mut index = Vec::with_capacity(index_size(members));
    // There are fewer symbols than bytes, and of those fewer than 4 GB.
    index.extend((count as u32).to_be_bytes());
    for (member, place) in members.iter().zip(places) {
        for _ in member.symbols {
            index.extend(place.to_be_bytes());
        }
    }
    for symbol in members.iter().flat_map(|member| member.symbols) {
        index.extend(symbol.as_bytes());
        index.push(0);
    }
    index
}

/// A member starts at an even byte.
fn even(size: usize) -> usize {
    size + size % 2
}

fn push(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let header = format!(
        "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
        0,
        0,
        0,
        644,
        content.len()
    );
    archive.extend(header.as_bytes());
    archive.extend(content);
    if content.len() % 2 == 1 {
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
            Member {
                name: "odd.o".to_string(),
                object: b"odd",
                symbols: &symbols,
            },
            Member {
                name: long.clone(),
                object: b"even",
                symbols: &[],
            },
            Member {
                name: format!("another-{long}"),
                object: b"",
                symbols: &symbols[1..],
            },
        ];
        let archive = folder.join("library.a");
        fs::write(&archive, write(&members).unwrap()).unwrap();
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
}
