//! Describes the C functions and variables that are compiled behind a preamble, and tells which of them an item needs.

use cgo_csyntax::declarations::asm_label;
use cgo_csyntax::declarations::names::{Names, Storage};
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::selection::{BoundItem, ItemKind};
use cgo_csyntax::target::Target;

/// One C function or variable that is compiled behind the preamble.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shim {
    /// A second, exported symbol for a `static` function or variable.
    Alias {
        name: String,
        target: String,
        /// What the assembler calls the target, as string literals of C, if not by its name.
        label: Option<String>,
    },
    /// A definition of a function that C99's `inline` without `extern` declares without defining it for other files. C leaves open
    /// which definition a call takes (C17 6.7.4, paragraph 7), so all of the preamble takes this one, under a symbol of its own.
    InlineDefinition { name: String, target: String },
    /// A function that returns the address of a variable.
    Address(String),
    /// A function that stores the value of a macro; a single byte for a macro of type `void`.
    Value(String),
    /// The same for an array or a function, which decays to a pointer.
    DecayedValue(String),
    /// The same for a `long double`, stored as a `double`.
    DoubleValue(String),
    /// A variable with the value of a macro and the compound literals whose addresses it holds.
    Literal(String),
    /// A function that calls one which Rust cannot call.
    Call {
        name: String,
        /// What it calls, as C writes it.
        callee: String,
        parameters: Vec<ShimParameter>,
        result: ShimResult,
        /// The function exists only where the compiler inlines it, and the compiler may reject that.
        inlined: bool,
        /// The processor features that the function is compiled for, as a string literal.
        features: Option<String>,
    },
}

/// How a [`Shim::Call`] takes a parameter of the function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShimParameter {
    /// As it is, in this C type.
    Direct(String),
    /// The same, where C declares another pointer.
    Pointer(String),
    /// A `long double` as a `double`.
    AsDouble,
    /// A pointer to a value of this C type.
    Indirect(String),
}

/// How a [`Shim::Call`] returns the function's result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShimResult {
    /// The function returns nothing.
    Void,
    /// As it is, in this C type.
    Direct(String),
    /// The same, where C declares another pointer.
    Pointer(String),
    /// A `long double` as a `double`.
    AsDouble,
    /// Stored where the shim's first parameter points to.
    Indirect,
}

impl Shim {
    /// The symbol that Rust links to.
    pub fn symbol(&self, prefix: &str) -> String {
        let name = match self {
            // Macros for the function are the same function.
            Shim::InlineDefinition { target, .. } => target,
            _ => self.item(),
        };
        format!("{prefix}{name}")
    }

    /// The name of the item that it is for.
    pub fn item(&self) -> &str {
        match self {
            Shim::Alias { name, .. }
            | Shim::InlineDefinition { name, .. }
            | Shim::Address(name)
            | Shim::Value(name)
            | Shim::DecayedValue(name)
            | Shim::DoubleValue(name)
            | Shim::Literal(name)
            | Shim::Call { name, .. } => name,
        }
    }
}

/// The shim that a function or variable needs by its storage class.
pub(crate) fn of_object(
    item: &BoundItem,
    storage: Storage,
    names: &Names<'_>,
    target: &Target,
) -> Option<Shim> {
    if storage.weakref {
        return None;
    }
    if storage.has_no_constant_address() {
        return Some(Shim::Address(item.name.clone()));
    }
    if storage.is_static {
        let (name, target) = (item.name.clone(), item.target.clone());
        if storage.always_inline || storage.ifunc {
            return None;
        }
        // C17 6.9.2, paragraph 2: a variable without a value is defined all the same.
        return (storage.defined || !storage.function).then(|| Shim::Alias {
            label: asm_label::of(names, &target),
            name,
            target,
        });
    }
    // It is called through a `Shim::Call`, which needs the types of its parameters.
    if storage.always_inline {
        return None;
    }
    has_no_symbol(storage, target).then(|| Shim::InlineDefinition {
        name: item.name.clone(),
        target: item.target.clone(),
    })
}

/// Whether an `inline` function has no symbol for other object files.
fn has_no_symbol(storage: Storage, target: &Target) -> bool {
    let has_symbol = match target.env.as_str() {
        // Only `extern` tells Microsoft's compiler, and clang in its place, to keep what nothing calls.
        "msvc" => storage.is_extern,
        // C17 6.7.4, paragraph 7: one declaration without `inline` makes the definition an external one.
        _ => storage.is_extern || storage.mixes_inline || storage.gnu_inline,
    };
    storage.inline && storage.defined && !has_symbol
}

/// The shims that these items will need, as far as their declarations tell; perhaps more. With them the library can be compiled
/// while the probe is still running.
pub fn foresee(items: &[BoundItem], names: &Names<'_>, target: &Target) -> Vec<Shim> {
    let needed = items.iter().map(|item| match item.kind {
        ItemKind::FunctionOrVariable(storage) => of_object(item, storage, names, target),
        ItemKind::Expression(ref expression) => match expression.evaluation {
            Evaluation::AtEachUse
            | Evaluation::LiteralElement { .. }
            | Evaluation::LiteralElementAsOperand
            | Evaluation::LiteralElementConverted => Some(Shim::Value(item.name.clone())),
            Evaluation::LiteralAddress => Some(Shim::Literal(item.name.clone())),
            Evaluation::String | Evaluation::Constant => None,
        },
        _ => None,
    });
    needed.flatten().collect()
}
