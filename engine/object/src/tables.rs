//! The tables of an object file, as all formats have them: its machine, sections, symbols and relocations.

use cgo_csyntax::target::ObjectFormat;

use crate::sections::Purpose;

/// The machine that an object file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    pub format: ObjectFormat,
    /// `e_machine` of ELF, `Machine` of COFF, `cputype` of Mach-O; the first four bytes of WebAssembly.
    pub number: u64,
    /// The size of an address, in bytes.
    pub word: u64,
    pub little_endian: bool,
}

/// The tables of a file.
pub struct Tables<'a> {
    pub little_endian: bool,
    pub pointer_size: u8,
    /// The prefix that the platform gives each name of C.
    pub prefix: &'static str,
    /// Whether the file lists outside of its sections what runs before `main`, as WebAssembly does.
    pub lists_startup: bool,
    /// By index, counted from 0.
    pub sections: Vec<Section<'a>>,
    /// By the index that relocations use.
    pub symbols: Vec<Symbol<'a>>,
}

pub struct Section<'a> {
    pub purpose: Purpose,
    pub bytes: &'a [u8],
    pub relocations: Vec<Relocation>,
}

#[derive(Default)]
pub struct Symbol<'a> {
    pub name: &'a str,
    /// The section that it is defined in.
    pub section: Option<usize>,
    /// Its offset in the section.
    pub value: u64,
    /// Whether it is the symbol of a section.
    pub is_section: bool,
    /// Whether other object files see it.
    pub is_global: bool,
    /// Whether it is weak: another definition overrides it, and a reference needs no definition.
    pub is_weak: bool,
    /// Whether it is a tentative definition, `int n;`, which compilers leave to the linker with `-fcommon`.
    pub is_common: bool,
    /// Whether the function is an import of the linked module, from a place that attributes name: WebAssembly's `import_module`.
    pub is_import: bool,
}

/// A place in a section that gets the address of a symbol.
pub struct Relocation {
    pub offset: u64,
    pub symbol: usize,
    pub change: Change,
    /// The size of the place, in bytes.
    pub size: usize,
    /// What is added to the address. `None` if the addend is the present value of the place.
    pub addend: Option<u64>,
}

/// What the address and the addend do to the place.
#[derive(Clone, Copy, PartialEq)]
pub enum Change {
    Set,
    Add,
    Subtract,
}
