//! An exported item as plain data, with the types and expressions of syn.

use proc_macro2::{Group, Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Expr, FnArg, Member, Pat, Receiver, ReceiverKind, ReturnType, Signature, Type,
    Visibility,
};

use super::attribute::Options;
use super::form::{Form, form, form_of_result};
use super::syntax::is_cfg;
use super::types::bare;

/// An exported item.
pub struct Export {
    /// Its name in C.
    pub symbol: String,
    /// Its name in Rust.
    pub name: Ident,
    /// Its own attributes, without `#[export_c]`.
    pub(crate) attributes: Vec<Attribute>,
    /// Its visibility in Rust.
    pub(crate) visibility: Visibility,
    /// The item without attributes and visibility.
    pub(crate) item: Item,
    /// The options of `#[export_c(..)]`.
    pub options: Options,
}

/// The kinds of items that C can use.
pub(crate) enum Item {
    /// A function.
    Function(Box<ExportedFunction>),
    /// A variable.
    Static(Box<Static>),
    /// A struct or union.
    Record(ExportedRecord),
    /// An enum without fields.
    Enumeration(Enumeration),
}

/// An exported function.
pub(crate) struct ExportedFunction {
    /// Its signature.
    pub(crate) signature: Signature,
    /// Its body, in braces.
    pub(crate) body: Group,
}

impl ExportedFunction {
    /// The parameters in order, without C's `...`.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'_>> {
        let mut parameters = Vec::new();
        for parameter in &self.signature.inputs {
            let (attributes, binding, ctype) = match parameter {
                FnArg::Receiver(receiver) => match &receiver.kind {
                    ReceiverKind::Typed(_, ctype) => {
                        (&receiver.attrs, Binding::Receiver(receiver), &**ctype)
                    }
                    // `can_be_passed` rejects it.
                    _ => continue,
                },
                FnArg::Typed(typed) => (&typed.attrs, Binding::Pattern(&typed.pat), &*typed.ty),
            };
            // A type that a macro was given stands in a group.
            let ctype = bare(ctype);
            parameters.push(Parameter {
                cfgs: attributes.iter().filter(|one| is_cfg(one)).collect(),
                binding,
                ctype,
                form: form(ctype),
            });
        }
        parameters
    }

    /// The type of its result; `None` for `()`.
    pub(crate) fn result(&self) -> Option<&Type> {
        match &self.signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, result) => Some(bare(result)),
        }
    }

    /// How its result crosses.
    pub(crate) fn result_form(&self) -> Form {
        self.result().map_or(Form::Plain, form_of_result)
    }
}

/// One parameter of an exported function.
pub(crate) struct Parameter<'f> {
    /// Its `#[cfg(..)]`s.
    pub(crate) cfgs: Vec<&'f Attribute>,
    /// A pattern, or `self`.
    pub(crate) binding: Binding<'f>,
    /// Its type.
    pub(crate) ctype: &'f Type,
    /// How it crosses.
    pub(crate) form: Form,
}

/// The pattern of a parameter.
pub(crate) enum Binding<'f> {
    /// A receiver, `self: T`.
    Receiver(&'f Receiver),
    /// Any other parameter.
    Pattern(&'f Pat),
}

/// An exported variable.
pub(crate) struct Static {
    /// Whether it is a `static mut`.
    pub(crate) mutable: bool,
    /// Its type.
    pub(crate) ctype: Type,
}

/// An exported struct or union.
pub(crate) struct ExportedRecord {
    /// The fields in order.
    pub(crate) fields: Vec<Field>,
    /// Whether it is a union.
    pub(crate) is_union: bool,
}

/// One field of an exported struct or union.
pub(crate) struct Field {
    /// Its `#[cfg(..)]`s.
    pub(crate) cfgs: Vec<Attribute>,
    /// Its name or number.
    pub(crate) member: Member,
    /// Its type.
    pub(crate) ctype: Type,
}

/// An exported enum.
pub(crate) struct Enumeration {
    /// The integer type of `#[repr(u8)]` and the like; `None` for `#[repr(C)]`.
    pub(crate) integer: Option<Ident>,
    /// The variants in order.
    pub(crate) variants: Vec<Variant>,
}

/// One variant of an exported enum.
pub(crate) struct Variant {
    /// Its `#[cfg(..)]`s.
    pub(crate) cfgs: Vec<Attribute>,
    /// Its name.
    pub(crate) name: Ident,
    /// Its value, where one is written.
    pub(crate) value: Option<Expr>,
}

impl ToTokens for Binding<'_> {
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
    pub(crate) fn is_type(&self) -> bool {
        matches!(self.item, Item::Record(_) | Item::Enumeration(_))
    }
}
