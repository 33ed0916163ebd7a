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

/// What kind of type one of the language's own is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    Integer,
    Float,
    Pointer,
    Atomic,
    /// The smallest of those that some compilers pad to 1, 4, 8 and 16 bytes.
    OddAtomic,
}

/// One of the language's own types.
#[derive(Clone, Copy, Debug)]
pub struct BaseType {
    pub kind: BaseKind,
    pub size: u64,
    /// As that of a member.
    pub align: u64,
}

/// Those that the probe asked for.
#[derive(Debug, Default)]
pub struct BaseTypes {
    pub list: Vec<BaseType>,
    /// The alignment, as a member, of a vector of one byte, of 2, of 4 and so on.
    pub vectors: Vec<u64>,
}

impl BaseTypes {
    /// The alignment of a member of this kind; `None` if the probe did not ask for one of this size.
    pub fn alignment(&self, kind: BaseKind, size: u64) -> Option<u64> {
        let mut list = self.list.iter();
        let same = list.find(|base| base.kind == kind && base.size == size);
        same.map(|base| base.align)
    }

    /// The size of an `_Atomic` value of a type of this size.
    pub fn atomic_size(&self, plain: u64) -> u64 {
        let padded = plain.next_power_of_two();
        match self.alignment(BaseKind::OddAtomic, padded) {
            Some(_) => padded,
            None => plain,
        }
    }

    /// The alignment of a member that is a vector of so many bytes. A vector of another size than a power of two fills the next one.
    pub fn vector_alignment(&self, size: u64) -> u64 {
        let power = size.next_power_of_two().trailing_zeros() as usize;
        let known = self.vectors.get(power).or(self.vectors.last());
        known.copied().unwrap_or(1)
    }

    pub fn pointer(&self) -> BaseType {
        let mut list = self.list.iter();
        let pointer = list.find(|base| base.kind == BaseKind::Pointer);
        pointer.copied().unwrap_or(BaseType {
            kind: BaseKind::Pointer,
            size: 8,
            align: 8,
        })
    }
}
