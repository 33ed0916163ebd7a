//! What is kept of a file: modules, names, constants, imports and exports.

/// What is kept of a file. Types and expressions are texts: most are never needed, and texts are quick to write and read.
#[derive(Default)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Scanned {
    /// Its inner attributes.
    pub(crate) attributes: String,
    pub(crate) nodes: Vec<Node>,
    /// The line and the text of the error that ended the parsing.
    pub(crate) problem: Option<(usize, String)>,
}

/// One item, or something else that is kept.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Node {
    /// All attributes of an export; else only `cfg`, `cfg_attr` and `path`.
    pub(crate) attributes: String,
    pub(crate) visibility: Visibility,
    /// The line where it starts, after its attributes.
    pub(crate) line: usize,
    pub(crate) kind: NodeKind,
}

/// Where an item is visible.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum Visibility {
    /// In its own scope.
    Scope,
    /// In the parent module.
    Parent,
    /// In the whole crate.
    Crate,
}

/// What a node is.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum NodeKind {
    /// `mod name;`
    File { name: String },
    /// A module in braces.
    Module {
        name: String,
        /// Its inner attributes.
        attributes: String,
        nodes: Vec<Node>,
    },
    /// A body, or an `impl`, of which only exports are kept.
    Block(Vec<Node>),
    /// A possible export, without attributes and visibility, and with an empty body. Only types have the name.
    Export { item: String, name: String },
    /// A struct, union or enum.
    Named(String),
    /// `type name`, and the rest up to the semicolon.
    Alias { name: String, rest: String },
    /// `const name`, and the rest up to the semicolon.
    Constant { name: String, rest: String },
    /// One path of a `use` and its local name, which is `*` for a glob.
    Use { path: String, name: String },
    /// `extern crate name as other`.
    Crate { name: String, other: String },
    /// `include!("file")`.
    Include(String),
    /// `include!(concat!(env!("OUT_DIR"), "/file"))`.
    IncludeOfOutDir(String),
    /// `c_preamble!` with the name of its module.
    Preamble(String),
    /// One arm of `cfg_if!` or `cfg_select!`. The predicate of the last `else`, or of `_`, is empty.
    Arm {
        is_first: bool,
        predicate: String,
        nodes: Vec<Node>,
    },
    /// A macro or another place that is not read and has the word `export_c`.
    Unread,
}
