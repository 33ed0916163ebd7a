//! What `#[export_c]` gives to C, as plain data: an item's tokens in, an [`Export`] out. The macro and the header are both
//! made from it.

mod cfg;
mod constant;
mod cursor;
mod declarator;
mod function;
mod header;
mod item;
mod keywords;
mod lexer;
mod modules;
mod record;
pub mod rust_literal;
mod rust_type;

use std::ops::Range;
use std::path::PathBuf;

pub use cursor::split_at_commas;
pub use function::has_dots;
pub use header::write as header;
pub use item::read;
pub use lexer::{Token, TokenKind, block_comment, tokens};
pub use modules::{Exports, find, of_text};

use rust_type::RustType;

/// The header of a crate's exports, under cgo's own name for it.
pub const FILE_NAME: &str = "_cgo_export.h";

/// One `--cfg`: a name, or a name with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cfg {
    /// Such as `unix` or `feature`.
    pub name: String,
    /// Such as `std`.
    pub value: Option<String>,
}

/// An exported item. Ranges and indices count the item's tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What C calls it.
    pub symbol: String,
    pub(crate) rust_name: String,
    /// The token with its Rust name.
    pub name: usize,
    /// Where the attributes end.
    pub visibility: usize,
    /// The lines of its documentation.
    pub(crate) documentation: Vec<String>,
    /// The file it stands in, where that is known.
    pub(crate) file: PathBuf,
    /// The line its name stands on.
    pub(crate) line: usize,
    /// What it is.
    pub item: Item,
}

impl Export {
    /// Whether it is a type, which has no symbol.
    pub fn is_type(&self) -> bool {
        matches!(self.item, Item::Record(_) | Item::Enumeration(_))
    }
}

/// The kinds of items that C can use.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A function.
    Function(Function),
    /// A variable.
    Static(Static),
    /// A struct or union.
    Record(Record),
    /// An enum without fields.
    Enumeration(Enumeration),
}

/// An exported function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Where `unsafe`, `extern` or `fn` stands, whichever comes first.
    pub head: usize,
    /// Whether it is `unsafe`.
    pub is_unsafe: bool,
    /// The lifetimes in angle brackets; empty if there are none.
    pub generics: Range<usize>,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
    /// What stands last for C's `...`: a pattern, a colon and the dots; empty if nothing does.
    pub variadic: Range<usize>,
    /// The tokens of the result type; empty for `()`.
    pub result: Range<usize>,
    /// How the result crosses.
    pub result_form: Form,
    pub(crate) result_type: RustType,
    /// The `where` clause, with its keyword.
    pub bounds: Range<usize>,
    /// The opening bracket of the body.
    pub body: usize,
    /// What happens to a panic.
    pub panic: PanicRule,
}

/// One parameter of an exported function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its attributes.
    pub attributes: Range<usize>,
    /// The `#[cfg(..)]` among them.
    pub cfgs: Vec<Range<usize>>,
    /// Its pattern.
    pub pattern: Range<usize>,
    /// The tokens of its type.
    pub ctype: Range<usize>,
    /// How it crosses.
    pub form: Form,
    /// Where C may have put what is no value of the type.
    pub look: Look,
    pub(crate) rust_type: RustType,
    /// Its name, where the pattern is one.
    pub name: Option<String>,
}

/// Where C may have put what is no value in Rust, such as a number that no variant of an enum has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nowhere.
    Nowhere,
    /// In what it passes.
    AtValue,
    /// Behind the reference or box that it passes.
    Behind,
}

/// How a value crosses between C and Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Direct,
    /// `&CStr`, a `const char *`.
    CStr,
    /// `Option<&CStr>`, the same with null for `None`.
    OptionalCStr,
    /// `&str`, a `cgo_str`.
    Str,
    /// `&[u8]`, a `cgo_bytes`.
    Bytes,
    /// A tuple, a `struct NAME_return`, of so many.
    Tuple(usize),
}

/// What happens to a panic that would leave an exported function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanicRule {
    /// The process ends with a message.
    Abort,
    /// This expression is returned: a range of the attribute's tokens.
    Return(Range<usize>),
    /// It unwinds into C.
    Unwind,
}

/// An exported variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Static {
    /// The tokens of its type.
    pub ctype: Range<usize>,
    pub(crate) mutable: bool,
    pub(crate) rust_type: RustType,
}

/// An exported struct or union.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The fields in order.
    pub fields: Vec<Field>,
    /// Whether it is a union.
    pub is_union: bool,
}

/// One field of an exported struct or union.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its `#[cfg(..)]`s.
    pub cfgs: Vec<Range<usize>>,
    /// The token with its name; `None` in a tuple struct.
    pub name: Option<usize>,
    /// The tokens of its type.
    pub ctype: Range<usize>,
    pub(crate) name_in_c: String,
    pub(crate) rust_type: RustType,
}

/// An exported enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumeration {
    /// The integer type of `#[repr(u8)]` and the like; `None` for `#[repr(C)]`.
    pub integer: Option<String>,
    /// The variants in order.
    pub variants: Vec<Variant>,
}

/// One variant of an exported enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its `#[cfg(..)]`s.
    pub cfgs: Vec<Range<usize>>,
    /// The token with its name.
    pub name: usize,
    pub(crate) name_in_c: String,
    /// The tokens of its value, where one is written.
    pub(crate) value: Option<Vec<Token>>,
}

/// Why an item cannot be exported, and the token that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and what to write instead.
    pub message: String,
    /// Where.
    pub at: At,
}

/// A token of the attribute or of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The attribute's token of this index.
    Attribute(usize),
    /// The item's token of this index.
    Item(usize),
}
