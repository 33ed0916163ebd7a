//! The tables of an object file, as all formats have them: its machine, sections, symbols and relocations.

use cgo_csyntax::target::ObjectFormat;

use super::sections::Purpose;

/// The machine that an object file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    pub(crate) format: ObjectFormat,
    /// `e_machine` of ELF, `Machine` of COFF, `cputype` of Mach-O; the first four bytes of WebAssembly.
    pub(crate) number: u64,
    /// The size of an address, in bytes.
    pub(crate) word: u64,
    pub(crate) little_endian: bool,
}

/// The tables of a file.
pub(crate) struct Tables<'a> {
    pub(crate) little_endian: bool,
    pub(crate) pointer_size: u8,
    /// The prefix that the platform gives each name of C.
    pub(crate) prefix: &'static str,
    /// Whether the file lists outside of its sections what runs before `main`, as WebAssembly does.
    pub(crate) lists_startup: bool,
    /// By index, counted from 0.
    pub(crate) sections: Vec<Section<'a>>,
    /// By the index that relocations use.
    pub(crate) symbols: Vec<Symbol<'a>>,
}

pub(crate) struct Section<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) bytes: &'a [u8],
    pub(crate) relocations: Vec<Relocation>,
}

#[derive(Default)]
pub(crate) struct Symbol<'a> {
    pub(crate) name: &'a str,
    /// The section that it is defined in.
    pub(crate) section: Option<usize>,
    /// Its offset in the section.
    pub(crate) value: u64,
    /// Whether it is the symbol of a section.
    pub(crate) is_section: bool,
    /// Whether other object files see it.
    pub(crate) is_global: bool,
    /// Whether it is weak: another definition overrides it, and a reference needs no definition.
    pub(crate) is_weak: bool,
    /// Whether it is a tentative definition, `int n;`, which compilers leave to the linker with `-fcommon`.
    pub(crate) is_common: bool,
    /// Whether the function is an import of the linked module, from a place that attributes name: WebAssembly's `import_module`.
    pub(crate) is_import: bool,
}

/// A place in a section that gets the address of a symbol.
pub(crate) struct Relocation {
    pub(crate) offset: u64,
    pub(crate) symbol: usize,
    pub(crate) change: Change,
    /// The size of the place, in bytes.
    pub(crate) size: usize,
    /// What is added to the address. `None` if the addend is the present value of the place.
    pub(crate) addend: Option<u64>,
}

/// What the address and the addend do to the place.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Change {
    Set,
    Add,
    Subtract,
}
