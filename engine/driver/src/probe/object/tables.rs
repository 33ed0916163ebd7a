//! The tables of an object file, as both formats have them: its machine, sections, symbols and relocations.

/// What an object file's header says of the machine that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    /// `e_machine`, or `Machine` of COFF.
    pub(crate) number: u64,
    /// How many bytes the file's words have.
    pub(crate) word: u64,
    pub(crate) little_endian: bool,
}

/// What both formats have.
pub(super) struct Tables<'a> {
    pub(super) little_endian: bool,
    pub(super) pointer_size: u8,
    /// What the platform puts before each name of C.
    pub(super) prefix: &'static str,
    /// By their number, counted from 0.
    pub(super) sections: Vec<Section<'a>>,
    /// By the number that relocations call them by.
    pub(super) symbols: Vec<Symbol<'a>>,
}

pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
    /// It is in the memory of the running program.
    pub(super) is_loaded: bool,
    /// It can be executed.
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
    /// Where it is defined, if it is.
    pub(super) section: Option<usize>,
    /// How far from its section's start.
    pub(super) value: u64,
    /// It stands for its section.
    pub(super) is_section: bool,
    /// Other object files see it.
    pub(super) is_global: bool,
    /// A definition elsewhere comes before this one, and a mention needs none.
    pub(super) is_weak: bool,
    /// C's tentative definition, `int n;`, that compilers leave to linkers with `-fcommon`.
    pub(super) is_common: bool,
}

/// A place in a section that a symbol's address belongs to.
pub(super) struct Relocation {
    pub(super) offset: u64,
    pub(super) symbol: usize,
    pub(super) change: Change,
    /// How many bytes are changed.
    pub(super) size: usize,
    /// What is added to the symbol's address; `None` if that stands at the place itself.
    pub(super) addend: Option<u64>,
}

/// What the symbol's address and the addend do to a place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Change {
    Set,
    Add,
    Subtract,
}
