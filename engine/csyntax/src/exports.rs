//! What a crate exports to C, as the reader of exports tells it to the engine, neither of which waits for the other.

use std::path::PathBuf;

/// The declarations of the header, each of which somebody may leave out.
#[derive(Clone, Default)]
pub struct Exports {
    /// The names of structs and unions, before their definitions.
    pub types: String,
    /// The tags in `types` that the header never defines: C knows nothing of these types of Rust.
    pub opaque: Vec<String>,
    /// The exports: types first, those that stand in others before these.
    pub items: Vec<DeclaredExport>,
    /// What the header says of exports that it does not declare.
    pub notes: String,
    /// Where macros may write exports that are not among these.
    pub unread: Vec<Unread>,
    /// The files whose exports cannot be read from some line on.
    pub unreadable: Vec<Unreadable>,
}

/// A place that may have exports and is not read.
#[derive(Clone, Debug)]
pub struct Unread {
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
}

/// A file that cannot be read.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub file: PathBuf,
    /// Where the error stands, from 1.
    pub line: usize,
    pub why: String,
}

/// One export in the header.
#[derive(Clone)]
pub struct DeclaredExport {
    /// Its name in C.
    pub symbol: String,
    /// Its declaration with its documentation; where C cannot have it, a comment that says so.
    pub text: String,
    /// The reason why C cannot have it.
    pub left_out: Option<String>,
    /// Its name in Rust.
    pub rust_name: String,
    /// Where it stands.
    pub file: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
    /// Whether it is a type, which has no symbol.
    pub is_type: bool,
    /// `None` where the header does not have the export.
    pub numbers: Option<Numbers>,
}

/// The numbers that an export's declaration was made with, in order. rustc computes them too, and the two are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// The values of an enum's variants.
    Values(Vec<i128>),
    /// The lengths of the arrays in the types of another item.
    Lengths(Vec<Lengths>),
}

impl Numbers {
    pub fn is_empty(&self) -> bool {
        match self {
            Numbers::Values(values) => values.is_empty(),
            Numbers::Lengths(lengths) => lengths.is_empty(),
        }
    }
}

/// The lengths of an array and of the arrays that are its elements; none of what is no array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// From the outside in.
    pub known: Vec<i128>,
    /// Whether only rustc knows what the innermost elements are, which may be arrays.
    pub open: bool,
}

impl Exports {
    /// The declarations, without the items that do not stay.
    pub fn declarations(&self, stays: impl Fn(&DeclaredExport) -> bool) -> String {
        let items = self.items.iter().filter(|item| stays(item));
        let items: String = items.map(|item| item.text.as_str()).collect();
        [&*self.types, &items, &self.notes].concat()
    }
}
