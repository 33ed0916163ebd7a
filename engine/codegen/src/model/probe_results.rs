//! What the probe found of each item, as plain data.

use std::collections::{HashMap, HashSet};

use crate::model::types::{TypeId, Types};

/// What the probe found. The items are those of the selection, by index.
#[derive(Debug, Default)]
pub struct ProbeResults {
    pub types: Types,
    pub of_item: HashMap<usize, TypeId>,
    /// The functions that are defined, by their names, with the parameters of the definition.
    pub definitions: HashMap<String, TypeId>,
    pub constants: Vec<Option<Constant>>,
    /// The symbol behind each item that has one, as the object file spells it.
    pub symbols: HashMap<usize, String>,
    /// The items that a linker may find no definition of, and whose address is null then.
    pub may_be_missing: HashSet<usize>,
    /// The functions that are imports of the linked module, as WebAssembly has them. Only the C compiler knows from where.
    pub imports: HashSet<usize>,
    pub bases: BaseTypes,
}

/// A constant expression's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// Both halves, so that an unsigned 128-bit integer keeps its bits.
    Integer(i128),
    /// The bits of the value as a `double`.
    Float(f64),
    /// An address that is no object's.
    Pointer(u64),
    /// Without the NUL at the end.
    String(Vec<u8>),
    /// A string of wider characters, with the zero at its end.
    Wide(Vec<u64>),
    /// It holds the address of a compound literal.
    Literal,
}

/// Size and alignment, as members, of the language's own types.
#[derive(Debug, Default)]
pub struct BaseTypes {
    pub list: Vec<(&'static str, u64, u64)>,
    /// The alignment, as a member, of a vector of one byte, of 2, of 4 and so on.
    pub vectors: Vec<u64>,
}

impl BaseTypes {
    /// The alignment of a member of this base type; `None` if the probe did not ask for one of this size.
    pub fn alignment(&self, floating: bool, size: u64) -> Option<u64> {
        let is_floating = |name: &str| matches!(name, "float" | "double" | "long double");
        let same = self
            .list
            .iter()
            .find(|(name, of, _)| *of == size && is_floating(name) == floating);
        same.map(|(_, _, align)| *align)
    }

    /// The alignment of an `_Atomic` member of this size.
    pub fn atomic_alignment(&self, size: u64) -> Option<u64> {
        let is_atomic = |name: &str| name.starts_with("_Atomic");
        let mut list = self.list.iter();
        let same = list.find(|(name, of, _)| *of == size && is_atomic(name));
        same.map(|(_, _, align)| *align)
    }

    /// The alignment of a member that is a vector of so many bytes. A vector of another size than a power of two fills the next one.
    pub fn vector_alignment(&self, size: u64) -> u64 {
        let power = size.next_power_of_two().trailing_zeros() as usize;
        let known = self.vectors.get(power).or(self.vectors.last());
        known.copied().unwrap_or(1)
    }

    pub fn pointer(&self) -> (u64, u64) {
        self.list
            .iter()
            .find(|(name, _, _)| *name == "void *")
            .map_or((8, 8), |(_, size, align)| (*size, *align))
    }
}
