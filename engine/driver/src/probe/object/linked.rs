//! Tells what of an object file matters to whoever links it: the symbols that it defines and needs, whether all of it belongs in the
//! program although nobody asks for it by name, and whether it wants code on the stack.

use std::collections::HashSet;

use super::format::Format;
use super::tables::{Section, Symbol};
use super::{coff, elf, macho};

/// An object file as linkers see it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Linked {
    /// The names, without the platform's prefix, of what other files can link to.
    pub(crate) defined: HashSet<String>,
    /// The same names with the platform's prefix, and all others: what the index of an archive lists.
    pub(crate) symbols: Vec<String>,
    /// The names of what it takes from others.
    pub(crate) needed: HashSet<String>,
    /// Those of both that are weak or common: defined unless another file does, or needed only if one does.
    pub(crate) weak: HashSet<String>,
    /// Whether it holds what runs or counts without being called: constructors, destructors, entries of linker sets. A linker
    /// takes such an object from an archive only if it is told to.
    pub(crate) is_whole: bool,
    /// Whether gcc's code for a nested function is to run on the stack.
    pub(crate) runs_on_the_stack: bool,
}

/// `None` for what holds no machine code: the compilers' own formats for link-time optimization.
pub(crate) fn linked(bytes: &[u8]) -> Option<Linked> {
    let tables = match Format::of(bytes)? {
        Format::Elf => elf::index(bytes)?,
        Format::Coff(processor) => coff::read(bytes, processor).ok()?,
        Format::MachO => macho::read(bytes).ok()?,
    };
    let global = tables.symbols.iter().filter(|symbol| symbol.is_global);
    // In COFF they are of a class of their own.
    let symbols = tables.symbols.iter();
    let weak = symbols.filter(|symbol| symbol.is_weak || symbol.is_common);
    let (defined, needed): (Vec<_>, Vec<_>) = global.partition(|symbol| symbol.section.is_some());
    let symbols = defined.iter().map(|symbol| symbol.name.to_string());
    let symbols = symbols.collect();
    let names = |symbols: Vec<&Symbol<'_>>| {
        let names = symbols.into_iter().map(|symbol| symbol.name);
        let plain = names.filter_map(|name| name.strip_prefix(tables.prefix));
        plain.map(str::to_string).collect()
    };
    Some(Linked {
        symbols,
        defined: names(defined),
        needed: names(needed),
        weak: names(weak.collect()),
        is_whole: tables.sections.iter().any(is_kept),
        runs_on_the_stack: tables.sections.iter().any(|section| {
            // The linker's word for it in ELF: the section is empty.
            section.name == ".note.GNU-stack" && section.is_code
        }),
    })
}

/// Whether one of the files says weakly what another one says for good. C links both, and a linker takes from an archive only the
/// first that it meets.
pub(crate) fn decide_for_each_other(files: &[Linked]) -> bool {
    let weakly = |file: &Linked, name: &String| file.weak.contains(name);
    let for_good: HashSet<&String> = files
        .iter()
        .flat_map(|file| file.defined.iter().filter(|name| !weakly(file, name)))
        .collect();
    let defined: HashSet<&String> = files.iter().flat_map(|file| &file.defined).collect();
    files.iter().any(|file| {
        file.weak
            .iter()
            .any(|name| match file.defined.contains(name) {
                true => for_good.contains(name),
                false => defined.contains(name),
            })
    })
}

/// The same object file, in whose linker sets no linker takes an entry for unused: rustc has linkers remove what nothing refers
/// to, and LLVM's then removes the entries of sets. `None` where there are no sets.
pub(crate) fn with_kept_sets(bytes: &[u8]) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Elf => elf::with_retained(bytes, is_set),
        Format::Coff(_) | Format::MachO => None,
    }
}

/// The same object file, which takes symbols from elsewhere by other names. `None` where `rename` has none for any.
pub(crate) fn with_renamed(
    bytes: &[u8],
    rename: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Elf => elf::with_renamed(bytes, rename),
        Format::Coff(_) | Format::MachO => None,
    }
}

fn is_kept(section: &Section<'_>) -> bool {
    // Behind it stands a priority: `.init_array.00101`, `.CRT$XCU`.
    let name = section.name.strip_prefix('.');
    let kind = name.and_then(|name| name.split(['.', '$']).next());
    let runs = kind.is_some_and(|kind| RUNS.contains(&kind));
    (runs || section.is_loaded && is_set(section.name)) && !section.bytes.is_empty()
}

/// What runs before or after `main`, by the names that ELF and COFF have for it.
const RUNS: [&str; 8] = [
    "preinit_array",
    "init_array",
    "fini_array",
    "ctors",
    "dtors",
    "init",
    "fini",
    "CRT",
];

/// Of a section whose name C could spell, linkers define where it starts and stops, and a program goes through what all files
/// have put there.
fn is_set(section: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    section.starts_with(starts)
        && section
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
}
