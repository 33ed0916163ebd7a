//! The tables of an object file, as all formats have them: its machine, sections, symbols and relocations.

use cgo_csyntax::target::ObjectFormat;

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
pub(super) struct Tables<'a> {
    pub(super) little_endian: bool,
    pub(super) pointer_size: u8,
    /// The prefix that the platform gives each name of C.
    pub(super) prefix: &'static str,
    /// By index, counted from 0.
    pub(super) sections: Vec<Section<'a>>,
    /// By the index that relocations use.
    pub(super) symbols: Vec<Symbol<'a>>,
}

pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
    /// Whether it is loaded into memory.
    pub(super) is_loaded: bool,
    /// Whether it is executable.
    pub(super) is_code: bool,
    pub(super) relocations: Vec<Relocation>,
}

impl Section<'_> {
    pub(super) fn is_debug(&self) -> bool {
        self.name.starts_with(".debug_")
    }
}

#[derive(Default)]
pub(super) struct Symbol<'a> {
    pub(super) name: &'a str,
    /// The section that it is defined in.
    pub(super) section: Option<usize>,
    /// Its offset in the section.
    pub(super) value: u64,
    /// Whether it is the symbol of a section.
    pub(super) is_section: bool,
    /// Whether other object files see it.
    pub(super) is_global: bool,
    /// Whether it is weak: another definition overrides it, and a reference needs no definition.
    pub(super) is_weak: bool,
    /// Whether it is a tentative definition, `int n;`, which compilers leave to the linker with `-fcommon`.
    pub(super) is_common: bool,
    /// Whether the function is an import of the linked module, from a place that attributes name: WebAssembly's `import_module`.
    pub(super) is_import: bool,
}

/// A place in a section that gets the address of a symbol.
pub(super) struct Relocation {
    pub(super) offset: u64,
    pub(super) symbol: usize,
    pub(super) change: Change,
    /// The size of the place, in bytes.
    pub(super) size: usize,
    /// What is added to the address. `None` if the addend is the present value of the place.
    pub(super) addend: Option<u64>,
}

/// What the address and the addend do to the place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Change {
    Set,
    Add,
    Subtract,
}
