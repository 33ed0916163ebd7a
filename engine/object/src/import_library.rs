//! Reads the names of the DLLs that an import library is for (PE Format, "Import Library Format").

use crate::archive;

/// The bytes before the names in a member that imports one symbol.
const IMPORT: usize = 20;

/// The DLLs of an archive; none if it has objects alone.
pub fn dlls(archive: &[u8]) -> Vec<String> {
    let mut dlls: Vec<String> = Vec::new();
    for dll in archive::contents(archive).into_iter().filter_map(dll) {
        if !dlls.iter().any(|known| known == dll) {
            dlls.push(dll.to_string());
        }
    }
    dlls
}

/// The DLL that a member imports from: the second of its names.
fn dll(member: &[u8]) -> Option<&str> {
    // An object starts with the number of its machine, which is not 0. Another version has other contents.
    let is_import = member.starts_with(&[0, 0, 0xff, 0xff, 0, 0]);
    let names = member.get(IMPORT..).filter(|_| is_import)?;
    let mut names = names.split(|byte| *byte == 0);
    let dll = std::str::from_utf8(names.nth(1)?).ok()?;
    (!dll.is_empty() && !dll.contains(['/', '\\'])).then_some(dll)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(members: &[&[u8]]) -> Vec<u8> {
        let mut bytes = archive::MAGIC.to_vec();
        for member in members {
            bytes.extend(format!("{:<48}{:<10}`\n", "member/", member.len()).as_bytes());
            bytes.extend(*member);
            bytes.resize(bytes.len().next_multiple_of(2), b'\n');
        }
        bytes
    }

    fn import(symbol: &str, dll: &str) -> Vec<u8> {
        let mut member = vec![0, 0, 0xff, 0xff, 0, 0];
        member.resize(IMPORT, 1);
        member.extend(format!("{symbol}\0{dll}\0").as_bytes());
        member
    }

    #[test]
    fn the_dlls_are_those_of_the_imports() {
        let (one, two) = (import("f", "z1.dll"), import("longer", "other.dll"));
        let library = archive(&[b"\x64\x86 an object", &one, &two, &one]);
        assert_eq!(dlls(&library), ["z1.dll", "other.dll"]);
    }

    #[test]
    fn a_static_library_has_none() {
        assert!(dlls(&archive(&[b"\x64\x86 an object"])).is_empty());
        assert!(dlls(b"no archive").is_empty());
        assert!(dlls(&archive(&[&import("f", "../up.dll")])).is_empty());
    }
}
