//! A set of names as it lies in a file: their hashes in an open-addressed table. Asking for a word looks at a place or two, so that
//! a header with ten thousands of names costs an edit of the Rust nothing.
//!
//! Another word may have the hash of a name. It is then taken for one, once in some hundred thousand.

use cgo_csyntax::word_set::WordHash;

/// The bytes of one entry: a hash, little-endian; zero is empty.
const ENTRY: usize = 4;

/// The table of these names, of which some may be the same.
pub(crate) fn write(names: &[String]) -> Vec<u8> {
    // Never more than half full.
    let mut table = vec![0; (names.len() * 2).next_power_of_two()];
    let mask = table.len() - 1;
    for name in names {
        let hash = entry(WordHash::of(name));
        let mut slot = hash as usize & mask;
        while table[slot] != 0 && table[slot] != hash {
            slot = (slot + 1) & mask;
        }
        table[slot] = hash;
    }
    table.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// Whether a name with this hash is in the table. In bytes that are no table, nothing is.
pub(crate) fn contains(table: &[u8], hash: WordHash) -> bool {
    let length = table.len() / ENTRY;
    if !length.is_power_of_two() {
        return false;
    }
    let wanted = entry(hash);
    let mut slot = wanted as usize & (length - 1);
    for _ in 0..length {
        let at = slot * ENTRY;
        match [table[at], table[at + 1], table[at + 2], table[at + 3]] {
            [0, 0, 0, 0] => return false,
            found if u32::from_le_bytes(found) == wanted => return true,
            _ => slot = (slot + 1) & (length - 1),
        }
    }
    false
}

fn entry(hash: WordHash) -> u32 {
    hash.value().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(table: &[u8], name: &str) -> bool {
        contains(table, WordHash::of(name))
    }

    #[test]
    fn names_and_no_others() {
        let names: Vec<String> = (0..3000).map(|number| format!("name_{number}")).collect();
        let table = write(&names);
        assert!(names.iter().all(|name| has(&table, name)));
        let others = (3000..6000).filter(|number| has(&table, &format!("name_{number}")));
        assert!(others.count() < 3);
        assert!(!has(&write(&[]), "a"));
    }

    #[test]
    fn what_is_no_table_holds_nothing() {
        for bytes in [&[][..], &[1; 3], &[7; 12], &[7; 16]] {
            assert!(!has(bytes, "a"), "{bytes:?}");
        }
    }
}
