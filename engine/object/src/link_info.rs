//! Reads from an object file what matters when it is linked: the symbols that it defines and needs, whether the program needs it even if
//! nothing refers to it, and whether it needs an executable stack.

use std::collections::HashSet;

use crate::format::Format;
use crate::sections::Purpose;
use crate::tables::Section;
use crate::{coff, elf, macho, wasm};

/// An object file as a linker sees it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LinkInfo {
    /// The symbols that other files can refer to, without the platform's prefix.
    pub defined: HashSet<String>,
    /// The same names with the platform's prefix, and all others: what the index of an archive lists.
    pub symbols: Vec<String>,
    /// The symbols that other files must define.
    pub needed: HashSet<String>,
    /// The weak and common symbols among both: another definition overrides them, or a missing one is no error.
    pub weak: HashSet<String>,
    /// Whether it has constructors, destructors or entries of linker sets, which take effect without a reference to them. A linker takes
    /// such an object from an archive only with `--whole-archive`.
    pub is_whole: bool,
    /// Whether it needs an executable stack, as gcc's trampolines for nested functions do.
    pub runs_on_the_stack: bool,
}

/// `None` if the file has no machine code but the compiler's own format for link-time optimization.
pub fn link_info(bytes: &[u8]) -> Option<LinkInfo> {
    let tables = match Format::of(bytes)? {
        Format::Elf => elf::index(bytes)?,
        Format::Coff(processor) => coff::read(bytes, processor).ok()?,
        Format::MachO => macho::read(bytes).ok()?,
        Format::Wasm => wasm::read(bytes).ok()?,
    };
    let mut info = LinkInfo {
        is_whole: tables.lists_startup || tables.sections.iter().any(is_kept),
        runs_on_the_stack: tables
            .sections
            .iter()
            .any(|section| section.purpose == Purpose::ExecutableStack),
        ..LinkInfo::default()
    };
    for symbol in &tables.symbols {
        let plain = symbol.name.strip_prefix(tables.prefix);
        let plain = plain.map(str::to_string);
        // In COFF weak symbols are not among the global ones.
        if symbol.is_weak || symbol.is_common {
            info.weak.extend(plain.clone());
        }
        match symbol.section {
            _ if !symbol.is_global => {}
            Some(_) => {
                info.symbols.push(symbol.name.to_string());
                info.defined.extend(plain);
            }
            None => {
                // A linker takes it from an archive as it takes a definition.
                if symbol.is_common {
                    info.symbols.push(symbol.name.to_string());
                }
                info.needed.extend(plain);
            }
        }
    }
    Some(info)
}

/// Whether a weak or common symbol of one file has a strong definition in another one. A linker of C would see both files. From an
/// archive it takes only the first that fits.
pub fn override_each_other(files: &[LinkInfo]) -> bool {
    let (mut strong, mut defined) = (HashSet::new(), HashSet::new());
    for file in files {
        for name in &file.defined {
            defined.insert(name);
            if !file.weak.contains(name) {
                strong.insert(name);
            }
        }
    }
    files.iter().any(|file| {
        file.weak
            .iter()
            .any(|name| match file.defined.contains(name) {
                true => strong.contains(name),
                false => defined.contains(name),
            })
    })
}

/// The object file with linker sets that no linker removes. rustc has the linker remove sections that nothing refers to, and LLVM's
/// linker counts the entries of sets among them. `None` if the file has no sets.
pub fn with_kept_sets(bytes: &[u8]) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Elf => elf::with_retained_sets(bytes),
        Format::Wasm => wasm::with_retained_sets(bytes),
        Format::Coff(_) | Format::MachO => None,
    }
}

/// The object file with other names for the symbols that it needs. `None` if `rename` renames none of them.
pub fn with_renamed(bytes: &[u8], rename: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Elf => elf::with_renamed(bytes, rename),
        Format::Coff(_) | Format::MachO | Format::Wasm => None,
    }
}

/// Whether a section takes effect without a reference to it.
fn is_kept(section: &Section<'_>) -> bool {
    matches!(section.purpose, Purpose::Startup | Purpose::LinkerSet) && !section.bytes.is_empty()
}
