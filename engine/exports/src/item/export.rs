//! What one exported item is, as plain data with types and expressions as syn has them.

use proc_macro2::{Group, Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, Member, Pat, Receiver, Signature, Type, Visibility};

use super::attribute::Options;

/// An exported item.
#[derive(Clone)]
pub struct Export {
    /// What C calls it.
    pub symbol: String,
    /// What Rust calls it.
    pub name: Ident,
    /// Its own attributes, without `#[export_c]`.
    pub attributes: Vec<Attribute>,
    /// Who sees it in Rust.
    pub visibility: Visibility,
    /// What it is.
    pub item: Item,
    /// What `#[export_c(..)]` says of it.
    pub options: Options,
}

/// The kinds of items that C can use.
#[derive(Clone)]
pub enum Item {
    /// A function.
    Function(Box<Function>),
    /// A variable.
    Static(Box<Static>),
    /// A struct or union.
    Record(Record),
    /// An enum without fields.
    Enumeration(Enumeration),
}

/// An exported function.
#[derive(Clone)]
pub struct Function {
    /// Its head, as it is written.
    pub signature: Signature,
    /// The parameters in order, without C's `...`.
    pub parameters: Vec<Parameter>,
    /// The type of its result; `None` for `()`.
    pub result: Option<Type>,
    /// How the result crosses.
    pub result_form: Form,
    /// Its body, in braces.
    pub body: Group,
}

/// One parameter of an exported function.
#[derive(Clone)]
pub struct Parameter {
    /// Its `#[cfg(..)]`s.
    pub cfgs: Vec<Attribute>,
    /// What takes it in Rust: a pattern, or `self`.
    pub binding: Binding,
    /// Its type.
    pub ctype: Type,
    /// How it crosses.
    pub form: Form,
}

/// What takes an argument in Rust.
#[derive(Clone)]
pub enum Binding {
    /// A receiver, `self: T`.
    Receiver(Receiver),
    /// Any other parameter.
    Pattern(Pat),
}

/// How a value crosses between C and Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is: a number, a pointer.
    Plain,
    /// As it is, but C may have put there, or behind it, what is no value in Rust, such as a number that no variant of an enum has.
    Looked,
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

/// An exported variable.
#[derive(Clone)]
pub struct Static {
    /// Whether it is a `static mut`.
    pub mutable: bool,
    /// Its type.
    pub ctype: Type,
}

/// An exported struct or union.
#[derive(Clone)]
pub struct Record {
    /// The fields in order.
    pub fields: Vec<Field>,
    /// Whether it is a union.
    pub is_union: bool,
}

/// One field of an exported struct or union.
#[derive(Clone)]
pub struct Field {
    /// Its `#[cfg(..)]`s.
    pub cfgs: Vec<Attribute>,
    /// Its name or number.
    pub member: Member,
    /// Its type.
    pub ctype: Type,
}

/// An exported enum.
#[derive(Clone)]
pub struct Enumeration {
    /// The integer type of `#[repr(u8)]` and the like; `None` for `#[repr(C)]`.
    pub integer: Option<Ident>,
    /// The variants in order.
    pub variants: Vec<Variant>,
}

/// One variant of an exported enum.
#[derive(Clone)]
pub struct Variant {
    /// Its `#[cfg(..)]`s.
    pub cfgs: Vec<Attribute>,
    /// Its name.
    pub name: Ident,
    /// Its value, where one is written.
    pub value: Option<Expr>,
}

impl ToTokens for Binding {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Binding::Receiver(receiver) => receiver.self_token.to_tokens(tokens),
            Binding::Pattern(pattern) => pattern.to_tokens(tokens),
        }
    }
}

impl Export {
    /// The fields of a struct or union.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.item {
            Item::Record(record) => &record.fields,
            _ => &[],
        }
    }

    /// Whether it is a type, which has no symbol.
    pub fn is_type(&self) -> bool {
        matches!(self.item, Item::Record(_) | Item::Enumeration(_))
    }
}
