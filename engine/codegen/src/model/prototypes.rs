//! Gives functions the types of `#cgo prototype:`, if these are passed as C's own are.

use cgo_csyntax::declarations::declarator;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::directive::prototype::{Prototype, Prototyped};
use cgo_csyntax::lexer::Token;
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::model::probe_results::ProbeResults;
use crate::model::types::{Signature, Type, TypeId, Types};

/// Puts the types of the prototypes in the place of C's own, and returns the errors about those that differ.
pub fn apply(
    prototypes: &[Prototype],
    names: &Names<'_>,
    items: &[BoundItem],
    results: &mut ProbeResults,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let of_functions = prototypes
        .iter()
        .filter(|prototype| prototype.of == Prototyped::Function);
    for prototype in of_functions {
        let function = prototype.function();
        let spelled =
            |item: &BoundItem| item.kind == ItemKind::DirectiveType && item.name == function;
        let spelled = items.iter().position(spelled);
        let Some(&wanted) = spelled.and_then(|index| results.of_item.get(&index)) else {
            continue;
        };
        // The item may be a macro that stands for the function.
        let named = items.iter().enumerate().filter(|(_, item)| {
            item.target == prototype.name && matches!(item.kind, ItemKind::FunctionOrVariable(_))
        });
        let definition = results.definitions.get(&prototype.name).copied();
        for (index, _) in named {
            let Some(own) = results.of_item.get_mut(&index) else {
                continue;
            };
            match agreed(&results.types, wanted, *own, definition) {
                Ok(signature) => {
                    results.types.list.push(Type::Function(signature));
                    *own = TypeId(results.types.list.len() as u32 - 1);
                }
                Err(mismatch) => {
                    let message = mismatch.message(prototype, names);
                    errors.push(Diagnostic::new(Some(prototype.place), message));
                }
            }
        }
    }
    errors.dedup();
    errors
}

/// Where a prototype differs from C's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mismatch {
    NoFunction,
    /// C defines it without a prototype.
    OldStyle,
    /// C's function has this number of parameters.
    Count(usize),
    Variadic,
    /// The type of the parameter with this index.
    Parameter(usize),
    Result,
}

/// The signature of the prototype with C's calling convention.
fn agreed(
    types: &Types,
    wanted: TypeId,
    own: TypeId,
    definition: Option<TypeId>,
) -> Result<Signature, Mismatch> {
    let function = |id| match types.get(types.resolve(id)) {
        Type::Function(signature) => Ok(signature),
        _ => Err(Mismatch::NoFunction),
    };
    let (wanted, own) = (function(wanted)?, function(own)?);
    if let Some(definition) = definition
        && function(definition)?.is_old_style_of(own)
    {
        return Err(Mismatch::OldStyle);
    }
    if wanted.parameters.len() != own.parameters.len() {
        return Err(Mismatch::Count(own.parameters.len()));
    }
    if wanted.variadic != own.variadic {
        return Err(Mismatch::Variadic);
    }
    let mut parameters = wanted.parameters.iter().zip(&own.parameters);
    if let Some(index) = parameters.position(|(&one, &other)| !are_passed_alike(types, one, other))
    {
        return Err(Mismatch::Parameter(index));
    }
    if !are_passed_alike(types, wanted.result, own.result) {
        return Err(Mismatch::Result);
    }
    Ok(Signature {
        convention: own.convention,
        ..wanted.clone()
    })
}

/// Whether the types are the same, or pointers of the same kind. `one` is that of the prototype, and `other` that of C.
fn are_passed_alike(types: &Types, one: TypeId, other: TypeId) -> bool {
    if types.is_atomic(one) != types.is_atomic(other)
        || types.typedef_align(one) != types.typedef_align(other)
    {
        return false;
    }
    let (one, other) = (types.resolve(one), types.resolve(other));
    let function = |id: TypeId| match types.get(types.resolve(id)) {
        Type::Function(signature) => Some(signature),
        _ => None,
    };
    match (types.get(one), types.get(other)) {
        (Type::Pointer(one), Type::Pointer(other)) => match (function(*one), function(*other)) {
            (None, None) => true,
            // Rust cannot call one with another convention, so it only hands it on.
            (Some(wanted), Some(own)) => wanted.convention || !own.convention,
            _ => false,
        },
        (
            Type::Vector { element, size },
            Type::Vector {
                element: other,
                size: other_size,
            },
        ) => size == other_size && are_passed_alike(types, *element, *other),
        (Type::Base(one), Type::Base(other)) => one == other,
        (Type::Void, Type::Void) => true,
        _ => one == other,
    }
}

impl Mismatch {
    fn message(self, prototype: &Prototype, names: &Names<'_>) -> Message {
        const HELP: &str = "only a pointer may differ from C: a data pointer from another data pointer, a function pointer from another one with the same calling convention";
        let name = &prototype.name;
        let said = |text: String| Message::new(format!("`prototype: {name}`: {text}"));
        let declared = Declared::of(names, name);
        match self {
            Mismatch::NoFunction => said("it is not a function".to_string()),
            Mismatch::OldStyle => said("it is defined without a prototype in C".to_string()).help(
                "write its parameters with their types between the brackets of the definition",
            ),
            Mismatch::Count(own) => {
                let count = prototype.parameters.len();
                said(format!(
                    "the number of its parameters is {count} here and {own} in C"
                ))
            }
            Mismatch::Variadic if prototype.variadic => {
                said("it ends in `...`, and the function does not in C".to_string())
            }
            Mismatch::Variadic => said("the function ends in `...` in C".to_string()),
            Mismatch::Parameter(index) => {
                let (number, here) = (index + 1, &prototype.parameters[index].ctype);
                let in_c = declared.parameter(index);
                said(format!(
                    "parameter {number} is `{here}` here and {in_c} in C"
                ))
                .help(HELP)
            }
            Mismatch::Result => {
                let (here, in_c) = (&prototype.result, declared.result());
                said(format!("the result is `{here}` here and {in_c} in C")).help(HELP)
            }
        }
    }
}

/// The declaration of a function, for its types as C writes them.
struct Declared<'a> {
    name: &'a str,
    text: &'a str,
    tokens: &'a [Token<'a>],
}

impl<'a> Declared<'a> {
    fn of(names: &'a Names<'_>, name: &'a str) -> Declared<'a> {
        let declaration = names.ordinary(name).map(|declared| declared.declaration);
        Declared {
            name,
            text: declaration.map_or("", |range| names.text(range)),
            tokens: declaration.map_or(&[], |range| names.tokens(range)),
        }
    }

    fn parameter(&self, index: usize) -> String {
        let parameters = declarator::parameters(self.tokens, self.name);
        self.quoted(parameters.get(index).copied())
    }

    fn result(&self) -> String {
        let mut tokens = self.tokens.iter();
        let name = tokens.position(|token| token.text == self.name);
        self.quoted(name.map(|name| &self.tokens[..name]))
    }

    /// The text of these of the tokens. A function that is declared through a typedef has none for a parameter.
    fn quoted(&self, tokens: Option<&[Token<'_>]>) -> String {
        let text = tokens.and_then(|tokens| {
            let start = self.tokens.first()?.start;
            let (first, last) = (tokens.first()?, tokens.last()?);
            self.text.get(first.start - start..last.end() - start)
        });
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.map_or("another type".to_string(), |text| {
            format!("`{}`", words(text))
        })
    }
}
