//! What of a file matters for exports: modules, names, constants, imports and the exports themselves.

/// A file as far as it matters, as texts: most of them nobody asks for, and texts are quick to keep.
#[derive(Default)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Scanned {
    /// Its inner attributes.
    pub(crate) attributes: String,
    pub(crate) nodes: Vec<Node>,
    /// Where and why the rest of the file could not be read.
    pub(crate) problem: Option<(usize, String)>,
}

/// An item, or what else matters.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Node {
    /// Those that matter: all of an export, and `cfg`, `cfg_attr` and `path`.
    pub(crate) attributes: String,
    pub(crate) seen: Seen,
    /// The line it starts on, behind its attributes.
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// Who sees an item.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum Seen {
    /// The scope it stands in.
    Inside,
    /// The module around that.
    Around,
    /// The crate, at least.
    Everywhere,
}

/// What matters.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum Kind {
    /// `mod name;`
    File { name: String },
    /// A module, with what it has in braces.
    Module {
        name: String,
        /// Its inner attributes.
        attributes: String,
        nodes: Vec<Node>,
    },
    /// What stands in a scope without a name: a body, or an `impl`, which is none, but has only exports here.
    Block(Vec<Node>),
    /// What may be an export, without attributes and visibility, and with an empty body; the name, if it is a type.
    Export { item: String, name: String },
    /// A struct, union or enum.
    Named(String),
    /// `type name`, and what follows up to the semicolon.
    Alias { name: String, rest: String },
    /// `const name`, and what follows up to the semicolon.
    Constant { name: String, rest: String },
    /// One path of a `use`, `::` before it if it starts so, and the name that it gets: `*` for all.
    Use { path: String, name: String },
    /// `extern crate name as other`.
    Crate { name: String, other: String },
    /// `include!("file")`.
    Include(String),
    /// `c_preamble!`, whose module has this name.
    Preamble(String),
    /// One arm of `cfg_if!` with its predicate, empty for the last `else`; whether it is the first.
    Arm {
        is_first: bool,
        predicate: String,
        nodes: Vec<Node>,
    },
    /// `export_c` in what is not read.
    Unread,
}
